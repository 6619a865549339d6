namespace Platform.Replication.Ltx;

/// <summary>
/// Sizes and marks of LTX format version 3. A file is: header (100 bytes), page frames, six zero bytes, page index,
/// length of the index (8), trailer (16: post-apply database checksum, file checksum). Integers are big-endian.
/// Source: https://github.com/superfly/ltx.
/// </summary>
internal static class LtxFormat
{
    public const int HeaderBytes = 100;

    /// <summary>Page number (4) and flags (2). Six zero bytes end the page block.</summary>
    public const int PageHeaderBytes = 6;

    /// <summary>Page header and the length of the LZ4 block that follows (4).</summary>
    public const int SizedPageHeaderBytes = PageHeaderBytes + sizeof(uint);

    public const int IndexLengthBytes = sizeof(ulong);

    public const int TrailerBytes = 2 * sizeof(ulong);

    public const int PageSizeMin = 512;

    public const int PageSizeMax = 65536;

    /// <summary>Header flag: database checksums are not tracked. Stock Litestream restores only such files.</summary>
    public const uint NoChecksumFlag = 0x2;

    /// <summary>Page flag: the length of an LZ4 block follows. Without it an LZ4 frame does (older writers).</summary>
    public const ushort SizedPageFlag = 0x1;

    /// <summary>Set in every checksum of the format, so that none is zero.</summary>
    public const ulong ChecksumFlag = 1UL << 63;

    /// <summary>Where SQLite takes its file locks; the page that holds this byte is never used.</summary>
    private const int LockByte = 0x40000000;

    public static ReadOnlySpan<byte> Magic => "LTX1"u8;

    public static uint LockPage(int pageSize) => (uint)(LockByte / pageSize) + 1;

    public static bool IsPageSize(int pageSize) =>
        pageSize is >= PageSizeMin and <= PageSizeMax && int.IsPow2(pageSize);
}
