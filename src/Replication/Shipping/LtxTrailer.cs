using System.Buffers.Binary;

namespace Platform.Replication.Shipping;

/// <summary>The end of an LTX file: its last 8 bytes are the checksum of the whole file, big-endian.</summary>
internal static class LtxTrailer
{
    /// <summary>The size of the checksum, in bytes.</summary>
    public const int ChecksumBytes = sizeof(ulong);

    /// <summary>The checksum of a file, or of the end of one.</summary>
    public static ulong FileChecksum(ReadOnlySpan<byte> content) =>
        BinaryPrimitives.ReadUInt64BigEndian(content[^ChecksumBytes..]);
}
