using System.Buffers.Binary;

namespace Platform.TenantShard.PocketBaseData;

/// <summary>
/// The end of a zip, read before anything else of it: how many entries it has and how large their directory is, so that
/// no upload makes a node read millions of them into memory. APPNOTE 6.3.10, sections 4.3.14 to 4.3.16:
/// <c>end:   50 4b 05 06, disks (4), entries here (2), entries (2), directory size (4), directory offset (4), ...</c>;
/// <c>end64: 50 4b 06 06, size (8), versions (4), disks (8), entries here (8), entries (8), size (8), offset (8)</c>,
/// found by <c>50 4b 06 07, disk (4), offset of end64 (8), disks (4)</c> right before the end.
/// </summary>
/// <param name="Entries">Entries of the directory.</param>
/// <param name="DirectoryBytes">From its start to the end record.</param>
internal readonly record struct ZipEnd(ulong Entries, long DirectoryBytes)
{
    private const int EndBytes = 22;
    private const int CommentBytesMax = ushort.MaxValue;
    private const int LocatorBytes = 20;
    private const int End64Bytes = 56;
    private const uint EndSignature = 0x06054b50;
    private const uint LocatorSignature = 0x07064b50;
    private const uint End64Signature = 0x06064b50;

    /// <summary>Null when the file is no zip.</summary>
    public static ZipEnd? Read(Stream file)
    {
        var tail = new byte[(int)Math.Min(file.Length, EndBytes + CommentBytesMax + LocatorBytes)];
        file.Position = file.Length - tail.Length;
        file.ReadExactly(tail);
        for (var position = tail.Length - EndBytes; position >= 0; position--)
        {
            var end = tail.AsSpan(position);
            if (BinaryPrimitives.ReadUInt32LittleEndian(end) != EndSignature) continue;
            var absolute = file.Length - tail.Length + position;
            var entries = BinaryPrimitives.ReadUInt16LittleEndian(end[10..]);
            var offset = BinaryPrimitives.ReadUInt32LittleEndian(end[16..]);
            return entries != ushort.MaxValue && offset != uint.MaxValue
                ? new ZipEnd(entries, absolute - offset)
                : ReadLarge(file, tail.AsSpan(0, position), absolute);
        }

        return null;
    }

    private static ZipEnd? ReadLarge(Stream file, ReadOnlySpan<byte> before, long endPosition)
    {
        if (before.Length < LocatorBytes) return null;
        var locator = before[^LocatorBytes..];
        if (BinaryPrimitives.ReadUInt32LittleEndian(locator) != LocatorSignature) return null;
        var position = BinaryPrimitives.ReadUInt64LittleEndian(locator[8..]);
        if (position > (ulong)Math.Max(0, endPosition - End64Bytes)) return null;
        Span<byte> end = stackalloc byte[End64Bytes];
        file.Position = (long)position;
        file.ReadExactly(end);
        if (BinaryPrimitives.ReadUInt32LittleEndian(end) != End64Signature) return null;
        var offset = BinaryPrimitives.ReadUInt64LittleEndian(end[48..]);
        return offset > position
            ? null
            : new ZipEnd(BinaryPrimitives.ReadUInt64LittleEndian(end[32..]), endPosition - (long)offset);
    }
}
