using System.Runtime.InteropServices;

namespace Platform.Replication.Ltx;

/// <summary>LZ4 frames, as LTX writers before 0.5.2 stored pages: they end, and check, themselves.</summary>
internal static unsafe partial class Lz4Frame
{
    /// <summary>LZ4F_VERSION of lz4frame.h: the version of the call interface.</summary>
    private const uint InterfaceVersion = 100;

    /// <summary>What became of an attempt to decompress.</summary>
    public enum Outcome
    {
        Complete,
        NeedsMore,
        Invalid,
    }

    /// <summary>
    /// Decompresses the frame that <paramref name="source"/> starts with, which must fill
    /// <paramref name="destination"/> exactly; <paramref name="consumed"/> is its length.
    /// </summary>
    public static Outcome Decompress(ReadOnlySpan<byte> source, Span<byte> destination, out int consumed)
    {
        consumed = 0;
        if (IsError(CreateContext(out var context, InterfaceVersion)) != 0)
        {
            throw new LtxException(LtxFault.BadCompression, "LZ4 has no memory for a frame.");
        }

        try
        {
            fixed (byte* from = source, to = destination)
            {
                return Run(context, from, source.Length, to, destination.Length, out consumed);
            }
        }
        finally
        {
            _ = FreeContext(context);
        }
    }

    private static Outcome Run(nint context, byte* from, int fromBytes, byte* to, int toBytes, out int consumed)
    {
        consumed = 0;
        var produced = 0;
        while (true)
        {
            var taken = (nuint)(fromBytes - consumed);
            var given = (nuint)(toBytes - produced);
            var next = Decompress(context, to + produced, ref given, from + consumed, ref taken, null);
            if (IsError(next) != 0)
            {
                return Outcome.Invalid;
            }

            consumed += (int)taken;
            produced += (int)given;
            if (next == 0)
            {
                return produced == toBytes ? Outcome.Complete : Outcome.Invalid;
            }

            if (taken == 0 && given == 0)
            {
                // Nothing moves: either the input is used up, or the frame holds more than a page.
                return consumed == fromBytes ? Outcome.NeedsMore : Outcome.Invalid;
            }
        }
    }

    [LibraryImport(Lz4.Library, EntryPoint = "LZ4F_createDecompressionContext")]
    private static partial nuint CreateContext(out nint context, uint version);

    [LibraryImport(Lz4.Library, EntryPoint = "LZ4F_freeDecompressionContext")]
    private static partial nuint FreeContext(nint context);

    [LibraryImport(Lz4.Library, EntryPoint = "LZ4F_isError")]
    private static partial uint IsError(nuint code);

    [LibraryImport(Lz4.Library, EntryPoint = "LZ4F_decompress")]
    private static partial nuint Decompress(
        nint context, byte* destination, ref nuint destinationSize, byte* source, ref nuint sourceSize, void* options);
}
