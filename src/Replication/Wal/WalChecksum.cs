using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Platform.Replication.Wal;

/// <summary>
/// The WAL's running checksum: two 32-bit sums over pairs of words, in the byte order that the header's magic names
/// (https://sqlite.org/fileformat2.html#checksum_algorithm).
/// </summary>
/// <param name="First">The first sum.</param>
/// <param name="Second">The second sum.</param>
internal readonly record struct WalChecksum(uint First, uint Second)
{
    /// <summary>Goes on over <paramref name="content"/>, whose length is a multiple of 8 bytes.</summary>
    public WalChecksum Add(ReadOnlySpan<byte> content, bool bigEndian)
    {
        var words = MemoryMarshal.Cast<byte, uint>(content);
        var (first, second) = (First, Second);
        if (bigEndian == !BitConverter.IsLittleEndian)
        {
            for (var index = 0; index + 1 < words.Length; index += 2)
            {
                first += words[index] + second;
                second += words[index + 1] + first;
            }
        }
        else
        {
            for (var index = 0; index + 1 < words.Length; index += 2)
            {
                first += BinaryPrimitives.ReverseEndianness(words[index]) + second;
                second += BinaryPrimitives.ReverseEndianness(words[index + 1]) + first;
            }
        }

        return new WalChecksum(first, second);
    }

    /// <summary>The checksum as it is stored: two big-endian words, whatever the order it was computed in.</summary>
    public static WalChecksum Read(ReadOnlySpan<byte> stored) => new(
        BinaryPrimitives.ReadUInt32BigEndian(stored), BinaryPrimitives.ReadUInt32BigEndian(stored[4..]));
}
