using System.Runtime.InteropServices;

namespace Platform.TenantShard.Files.Thumbs;

/// <summary>The functions of libgd (https://libgd.github.io/manuals/2.3.3) that thumbnails need.</summary>
internal static unsafe partial class GdNative
{
    public const string Library = "libgd.so.3";

    [LibraryImport(Library, EntryPoint = "gdSetErrorMethod")]
    public static partial void SetErrorMethod(delegate* unmanaged[Cdecl]<int, byte*, nint, void> method);

    [LibraryImport(Library, EntryPoint = "gdImageCreateFromPngPtr")]
    public static partial nint FromPng(int size, byte* data);

    [LibraryImport(Library, EntryPoint = "gdImageCreateFromJpegPtr")]
    public static partial nint FromJpeg(int size, byte* data);

    [LibraryImport(Library, EntryPoint = "gdImageCreateFromGifPtr")]
    public static partial nint FromGif(int size, byte* data);

    [LibraryImport(Library, EntryPoint = "gdImageCreateFromWebpPtr")]
    public static partial nint FromWebp(int size, byte* data);

    [LibraryImport(Library, EntryPoint = "gdImageCreateTrueColor")]
    public static partial nint Create(int width, int height);

    [LibraryImport(Library, EntryPoint = "gdImagePaletteToTrueColor")]
    public static partial int ToTrueColor(nint image);

    [LibraryImport(Library, EntryPoint = "gdImageAlphaBlending")]
    public static partial void AlphaBlending(nint image, int isOn);

    [LibraryImport(Library, EntryPoint = "gdImageSaveAlpha")]
    public static partial void SaveAlpha(nint image, int isOn);

    [LibraryImport(Library, EntryPoint = "gdImageCopyResampled")]
    public static partial void CopyResampled(
        nint target, nint source, int targetX, int targetY, int sourceX, int sourceY,
        int targetWidth, int targetHeight, int sourceWidth, int sourceHeight);

    [LibraryImport(Library, EntryPoint = "gdImagePngPtr")]
    public static partial nint ToPng(nint image, int* size);

    [LibraryImport(Library, EntryPoint = "gdImageJpegPtr")]
    public static partial nint ToJpeg(nint image, int* size, int quality);

    [LibraryImport(Library, EntryPoint = "gdImageGifPtr")]
    public static partial nint ToGif(nint image, int* size);

    [LibraryImport(Library, EntryPoint = "gdImageWebpPtrEx")]
    public static partial nint ToWebp(nint image, int* size, int quality);

    [LibraryImport(Library, EntryPoint = "gdImageDestroy")]
    public static partial void Destroy(nint image);

    [LibraryImport(Library, EntryPoint = "gdFree")]
    public static partial void Free(nint memory);
}
