namespace Platform.Replication.Ltx;

/// <summary>An entry of the page index: page number, offset and size of its frame, as LEB128 varints.</summary>
internal static class LtxIndexEntry
{
    /// <summary>5 bytes for each 32-bit and 10 for the 64-bit number.</summary>
    public const int BytesMax = 5 + 10 + 5;

    public static int Write(Span<byte> destination, uint page, long offset, int size)
    {
        var written = WriteVarint(destination, page);
        written += WriteVarint(destination[written..], (ulong)offset);
        return written + WriteVarint(destination[written..], (ulong)size);
    }

    private static int WriteVarint(Span<byte> destination, ulong value)
    {
        var written = 0;
        for (; value >= 0x80; value >>= 7)
        {
            destination[written++] = (byte)(value | 0x80);
        }

        destination[written++] = (byte)value;
        return written;
    }
}
