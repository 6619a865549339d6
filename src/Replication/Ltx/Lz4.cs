using System.Runtime.InteropServices;

namespace Platform.Replication.Ltx;

/// <summary>LZ4 blocks, through the operating system's liblz4. <see cref="Require()"/> comes first.</summary>
internal static unsafe partial class Lz4
{
    public const string Library = "liblz4.so.1";

    private static bool _isLoaded;

    /// <summary>Fails with a sentence that an operator can act on when the library is not installed.</summary>
    public static void Require()
    {
        if (!_isLoaded)
        {
            Require(Library);
            _isLoaded = true;
        }
    }

    public static void Require(string library)
    {
        // The handle is kept on purpose: the library stays loaded as long as the process.
        if (!NativeLibrary.TryLoad(library, typeof(Lz4).Assembly, searchPath: null, out _))
        {
            throw new LtxException(LtxFault.MissingLibrary, $"the library {library} cannot be loaded.");
        }
    }

    /// <summary>The most bytes that <paramref name="bytes"/> can compress to: lz4.h, LZ4_COMPRESSBOUND.</summary>
    public static int Bound(int bytes) => bytes + (bytes / 255) + 16;

    /// <summary>Compresses a block; <paramref name="destination"/> holds at least the bound.</summary>
    public static int Compress(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        fixed (byte* from = source, to = destination)
        {
            var written = CompressDefault(from, to, source.Length, destination.Length);
            return written > 0
                ? written
                : throw new LtxException(LtxFault.BadCompression, $"LZ4 did not compress {source.Length} bytes.");
        }
    }

    /// <summary>Decompresses a block; false unless it fills <paramref name="destination"/> exactly.</summary>
    public static bool TryDecompress(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        fixed (byte* from = source, to = destination)
        {
            return DecompressSafe(from, to, source.Length, destination.Length) == destination.Length;
        }
    }

    [LibraryImport(Library, EntryPoint = "LZ4_compress_default")]
    private static partial int CompressDefault(byte* source, byte* destination, int sourceSize, int destinationSize);

    [LibraryImport(Library, EntryPoint = "LZ4_decompress_safe")]
    private static partial int DecompressSafe(byte* source, byte* destination, int sourceSize, int destinationSize);
}
