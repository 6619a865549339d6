using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Platform.TenantShard.Files.Thumbs;

/// <summary>Makes a smaller picture of a picture, by libgd. Blocks for as long as that takes.</summary>
internal static unsafe class ThumbRenderer
{
    private const int JpegQuality = 95; // as PocketBase
    private const int WebpQuality = 90;

    private static readonly Lazy<bool> Loaded = new(Load);

    /// <summary>False on a system without libgd.</summary>
    public static bool IsAvailable => Loaded.Value;

    /// <param name="image">The file.</param>
    /// <param name="mime">What it is; the thumbnail is the same.</param>
    /// <param name="plan">Which part is shown, and how large.</param>
    /// <returns>Null when the file is broken.</returns>
    public static byte[]? Render(ReadOnlySpan<byte> image, string mime, ThumbPlan plan)
    {
        var source = Decode(image, mime);
        if (source == 0) return null;
        var target = GdNative.Create(plan.Width, plan.Height);
        try
        {
            if (target == 0 || GdNative.ToTrueColor(source) == 0) return null;
            GdNative.AlphaBlending(target, 0);
            GdNative.SaveAlpha(target, 1);
            GdNative.CopyResampled(
                target, source, 0, 0, plan.Left, plan.Top, plan.Width, plan.Height, plan.PartWidth, plan.PartHeight);
            return Encode(target, mime);
        }
        finally
        {
            GdNative.Destroy(source);
            if (target != 0) GdNative.Destroy(target);
        }
    }

    private static nint Decode(ReadOnlySpan<byte> image, string mime)
    {
        fixed (byte* data = image)
        {
            return mime switch
            {
                "image/png" => GdNative.FromPng(image.Length, data),
                "image/jpeg" => GdNative.FromJpeg(image.Length, data),
                "image/gif" => GdNative.FromGif(image.Length, data),
                "image/webp" => GdNative.FromWebp(image.Length, data),
                _ => 0,
            };
        }
    }

    private static byte[]? Encode(nint image, string mime)
    {
        var size = 0;
        var encoded = mime switch
        {
            "image/png" => GdNative.ToPng(image, &size),
            "image/jpeg" => GdNative.ToJpeg(image, &size, JpegQuality),
            "image/gif" => GdNative.ToGif(image, &size),
            _ => GdNative.ToWebp(image, &size, WebpQuality),
        };
        if (encoded == 0) return null;
        try
        {
            return new ReadOnlySpan<byte>((void*)encoded, size).ToArray();
        }
        finally
        {
            GdNative.Free(encoded);
        }
    }

    private static bool Load()
    {
        if (!NativeLibrary.TryLoad(GdNative.Library, out _)) return false;
        GdNative.SetErrorMethod(&Ignore);
        return true;
    }

    /// <summary>Broken pictures are usual; the library would print each to the standard error stream.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Ignore(int priority, byte* format, nint arguments)
    {
    }
}
