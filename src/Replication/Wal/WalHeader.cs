using System.Buffers.Binary;

namespace Platform.Replication.Wal;

/// <summary>
/// The first 32 bytes of a WAL (https://sqlite.org/fileformat2.html#walformat), all big-endian: magic (4),
/// format 3007000 (4), page size (4), checkpoint sequence (4), salts (8), checksum of the 24 bytes before it (8).
/// </summary>
/// <param name="IsBigEndian">The byte order in which the checksums are computed.</param>
/// <param name="PageBytes">The page size, in bytes.</param>
/// <param name="Salts">Drawn anew each time the WAL starts from its beginning.</param>
/// <param name="Checksum">The header's checksum, with which the first frame's goes on.</param>
internal readonly record struct WalHeader(bool IsBigEndian, int PageBytes, WalSalts Salts, WalChecksum Checksum)
{
    /// <summary>The size of the header, in bytes.</summary>
    public const int Bytes = 32;

    private const uint MagicLittleEndian = 0x377f0682;
    private const uint MagicBigEndian = 0x377f0683;
    private const uint FormatVersion = 3007000;

    /// <summary>The bytes of one frame: its header and its page.</summary>
    public int FrameBytes => WalFrameHeader.Bytes + PageBytes;

    /// <summary>The position before the first frame.</summary>
    public WalPosition Start => new(Bytes, Salts, Checksum);

    /// <summary>False when the bytes are no WAL header: not yet written whole, or damaged.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out WalHeader header)
    {
        header = default;
        if (bytes.Length < Bytes)
        {
            return false;
        }

        var magic = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        var pageBytes = BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]);
        if (magic is not (MagicLittleEndian or MagicBigEndian)
            || BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]) != FormatVersion
            || pageBytes is < 512 or > 65536 || !uint.IsPow2(pageBytes))
        {
            return false;
        }

        var isBigEndian = magic == MagicBigEndian;
        var checksum = default(WalChecksum).Add(bytes[..24], isBigEndian);
        if (checksum != WalChecksum.Read(bytes[24..]))
        {
            return false;
        }

        header = new WalHeader(isBigEndian, (int)pageBytes, WalSalts.Read(bytes[16..]), checksum);
        return true;
    }
}
