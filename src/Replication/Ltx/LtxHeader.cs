using System.Buffers.Binary;

namespace Platform.Replication.Ltx;

/// <summary>The first 100 bytes of an LTX file: which transactions it holds, of what database, from where.</summary>
/// <remarks>
/// Layout (offset, bytes): magic (0, 4), flags (4, 4), page size (8, 4), commit (12, 4), MinTXID (16, 8),
/// MaxTXID (24, 8), timestamp (32, 8), pre-apply checksum (40, 8), WAL offset (48, 8), WAL size (56, 8),
/// WAL salts (64, 4 and 68, 4), node id (72, 8), zero (80, 20).
/// </remarks>
public readonly record struct LtxHeader
{
    /// <summary>Bytes of one database page: a power of two, 512 to 65536.</summary>
    public int PageSize { get; init; }

    /// <summary>Size of the database in pages after this file is applied.</summary>
    public uint Commit { get; init; }

    /// <summary>The first transaction in the file; 1 makes it a snapshot.</summary>
    public Txid MinTxid { get; init; }

    /// <summary>The last transaction in the file.</summary>
    public Txid MaxTxid { get; init; }

    /// <summary>When the last transaction was committed, in milliseconds since the Unix epoch.</summary>
    public long TimestampMilliseconds { get; init; }

    /// <summary>Where in the WAL this came from, in bytes; 0 when from nowhere.</summary>
    public long WalOffset { get; init; }

    /// <summary>How many bytes of the WAL this covers.</summary>
    public long WalSize { get; init; }

    /// <summary>The first salt of that WAL.</summary>
    public uint WalSalt1 { get; init; }

    /// <summary>The second salt of that WAL.</summary>
    public uint WalSalt2 { get; init; }

    /// <summary>
    /// True when a foreign writer tracked database checksums. We read such files and never write them, because
    /// stock Litestream refuses to restore them.
    /// </summary>
    public bool TracksDatabaseChecksum { get; private init; }

    /// <summary>Checksum of the database before this file; 0 unless tracked, and in snapshots.</summary>
    public ulong PreApplyChecksum { get; private init; }

    /// <summary>True when the file holds every page of the database, so that a restore can start with it.</summary>
    public bool IsSnapshot => MinTxid.Value == 1;

    /// <summary>The page that SQLite leaves out for its file locks; no file holds it.</summary>
    public uint LockPage => LtxFormat.LockPage(PageSize);

    /// <summary>Reads and validates a header. <paramref name="source"/> holds at least 100 bytes.</summary>
    /// <exception cref="LtxException">It is no valid header.</exception>
    public static LtxHeader Parse(ReadOnlySpan<byte> source)
    {
        if (source.Length < LtxFormat.HeaderBytes)
        {
            throw new LtxException(LtxFault.Truncated, $"the header has {source.Length} of 100 bytes.");
        }

        if (!source.StartsWith(LtxFormat.Magic))
        {
            throw new LtxException(LtxFault.BadMagic, "the file does not start with LTX1.");
        }

        var flags = BinaryPrimitives.ReadUInt32BigEndian(source[4..]);
        if ((flags & ~LtxFormat.NoChecksumFlag) != 0)
        {
            throw new LtxException(LtxFault.UnknownFlags, $"header flags 0x{flags:x8} are not defined.");
        }

        var header = new LtxHeader
        {
            TracksDatabaseChecksum = (flags & LtxFormat.NoChecksumFlag) == 0,
            PageSize = BinaryPrimitives.ReadInt32BigEndian(source[8..]),
            Commit = BinaryPrimitives.ReadUInt32BigEndian(source[12..]),
            MinTxid = new Txid(BinaryPrimitives.ReadUInt64BigEndian(source[16..])),
            MaxTxid = new Txid(BinaryPrimitives.ReadUInt64BigEndian(source[24..])),
            TimestampMilliseconds = BinaryPrimitives.ReadInt64BigEndian(source[32..]),
            PreApplyChecksum = BinaryPrimitives.ReadUInt64BigEndian(source[40..]),
            WalOffset = BinaryPrimitives.ReadInt64BigEndian(source[48..]),
            WalSize = BinaryPrimitives.ReadInt64BigEndian(source[56..]),
            WalSalt1 = BinaryPrimitives.ReadUInt32BigEndian(source[64..]),
            WalSalt2 = BinaryPrimitives.ReadUInt32BigEndian(source[68..]),
        };
        header.Validate();
        return header;
    }

    /// <summary>Validates and writes 100 bytes, always as a file without tracked database checksums.</summary>
    /// <exception cref="LtxException">The values make no valid header.</exception>
    public void Write(Span<byte> destination)
    {
        var written = this with { TracksDatabaseChecksum = false, PreApplyChecksum = 0 };
        written.Validate();
        destination = destination[..LtxFormat.HeaderBytes];
        destination.Clear();
        LtxFormat.Magic.CopyTo(destination);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], LtxFormat.NoChecksumFlag);
        BinaryPrimitives.WriteInt32BigEndian(destination[8..], PageSize);
        BinaryPrimitives.WriteUInt32BigEndian(destination[12..], Commit);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], MinTxid.Value);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], MaxTxid.Value);
        BinaryPrimitives.WriteInt64BigEndian(destination[32..], TimestampMilliseconds);
        BinaryPrimitives.WriteInt64BigEndian(destination[48..], WalOffset);
        BinaryPrimitives.WriteInt64BigEndian(destination[56..], WalSize);
        BinaryPrimitives.WriteUInt32BigEndian(destination[64..], WalSalt1);
        BinaryPrimitives.WriteUInt32BigEndian(destination[68..], WalSalt2);
    }

    private void Validate()
    {
        if (!LtxFormat.IsPageSize(PageSize))
        {
            throw new LtxException(LtxFault.BadPageSize, $"a page size of {PageSize} bytes is not possible.");
        }

        if (MinTxid.Value == 0 || MinTxid > MaxTxid)
        {
            throw new LtxException(LtxFault.BadTxidRange, $"{MinTxid}-{MaxTxid} is no range of transactions.");
        }

        // Size 0 means "database deleted", which the format can say only with a tracked checksum.
        if (Commit == 0 && !TracksDatabaseChecksum)
        {
            throw new LtxException(LtxFault.BadCommit, "the database would have 0 pages.");
        }

        if (WalOffset < 0 || WalSize < 0 || (WalOffset == 0 && (WalSize != 0 || WalSalt1 != 0 || WalSalt2 != 0)))
        {
            throw new LtxException(
                LtxFault.BadWalPosition, $"{WalSize} bytes at offset {WalOffset} are no part of a WAL.");
        }

        var mustHaveChecksum = TracksDatabaseChecksum && !IsSnapshot;
        if (mustHaveChecksum ? (PreApplyChecksum & LtxFormat.ChecksumFlag) == 0 : PreApplyChecksum != 0)
        {
            throw new LtxException(
                LtxFault.BadDatabaseChecksum, $"pre-apply checksum {PreApplyChecksum:x16} is not allowed here.");
        }
    }
}
