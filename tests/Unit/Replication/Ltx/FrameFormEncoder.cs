using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Platform.Replication.Ltx;

namespace Platform.Replication.Tests.Ltx;

/// <summary>Writes the older form of LTX version 3: a page is an LZ4 frame, without a size before it.</summary>
internal static unsafe partial class FrameFormEncoder
{
    /// <summary>LZ4F_preferences_t of lz4frame.h is 56 bytes; contentChecksumFlag is its third 32-bit field.</summary>
    private static readonly byte[] Preferences = [0, 0, 0, 0, 0, 0, 0, 0, 1, .. new byte[47]];

    public static byte[] Encode(LtxContent content)
    {
        var file = new MemoryStream();
        var index = new MemoryStream();
        var checksum = default(Crc64);
        var header = new byte[100];
        content.Header.Write(header);
        Put(header, header);
        foreach (var (number, page) in content.Pages)
        {
            var offset = file.Length;
            var pageHeader = new byte[6];
            BinaryPrimitives.WriteUInt32BigEndian(pageHeader, number);
            Put(pageHeader, pageHeader);
            Put(Compress(page), page);
            var entry = new byte[20];
            index.Write(entry, 0, LtxIndexEntry.Write(entry, number, offset, (int)(file.Length - offset)));
        }

        index.WriteByte(0);
        var tail = new byte[6 + index.Length + 16];
        index.ToArray().CopyTo(tail, 6);
        BinaryPrimitives.WriteInt64BigEndian(tail.AsSpan((int)index.Length + 6), index.Length);
        Put(tail, tail);
        var last = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(last, checksum.Value | (1UL << 63));
        file.Write(last);
        return file.ToArray();

        void Put(byte[] bytes, byte[] hashed)
        {
            file.Write(bytes);
            checksum.Append(hashed);
        }
    }

    private static byte[] Compress(byte[] page)
    {
        var frame = new byte[page.Length + 1024];
        fixed (byte* from = page, to = frame, preferences = Preferences)
        {
            var written = CompressFrame(to, (nuint)frame.Length, from, (nuint)page.Length, preferences);
            return frame[..(int)written];
        }
    }

    [LibraryImport("liblz4.so.1", EntryPoint = "LZ4F_compressFrame")]
    private static partial nuint CompressFrame(
        byte* destination, nuint destinationSize, byte* source, nuint sourceSize, byte* preferences);
}
