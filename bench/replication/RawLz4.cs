using System.Runtime.InteropServices;

namespace Platform.Replication.Bench;

/// <summary>LZ4 blocks of pages with nothing around them: what the codec is measured against.</summary>
internal static unsafe partial class RawLz4
{
    private const string Library = "liblz4.so.1";

    public static int Compress(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        fixed (byte* from = source, to = destination)
        {
            return CompressDefault(from, to, source.Length, destination.Length);
        }
    }

    public static int Decompress(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        fixed (byte* from = source, to = destination)
        {
            return DecompressSafe(from, to, source.Length, destination.Length);
        }
    }

    [LibraryImport(Library, EntryPoint = "LZ4_compress_default")]
    private static partial int CompressDefault(byte* source, byte* destination, int sourceSize, int destinationSize);

    [LibraryImport(Library, EntryPoint = "LZ4_decompress_safe")]
    private static partial int DecompressSafe(byte* source, byte* destination, int sourceSize, int destinationSize);
}
