using System.Buffers.Binary;

namespace Platform.Replication.Wal;

/// <summary>
/// The 24 bytes before each page in a WAL, big-endian: page number (4), database size in pages after the commit or 0
/// within a transaction (4), salts (8), running checksum over the first 8 bytes and the page (8).
/// </summary>
/// <param name="Page">The page number, from 1.</param>
/// <param name="Commit">The size of the database in pages if this frame commits, else 0.</param>
/// <param name="Salts">The run it belongs to.</param>
/// <param name="Checksum">The checksum as stored.</param>
internal readonly record struct WalFrameHeader(uint Page, uint Commit, WalSalts Salts, WalChecksum Checksum)
{
    /// <summary>The size of the header, in bytes.</summary>
    public const int Bytes = 24;

    /// <summary>How many of its bytes the checksum covers.</summary>
    public const int ChecksummedBytes = 8;

    /// <summary>Reads a frame's header.</summary>
    public static WalFrameHeader Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt32BigEndian(bytes),
        BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]),
        WalSalts.Read(bytes[8..]),
        WalChecksum.Read(bytes[16..]));
}
