using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;

namespace Platform.Conformance.Tests.Contract;

/// <summary>
/// The bytes of a file in a form: <c>text</c>, <c>png</c> (a grey picture of a size such as <c>40x30</c>), or
/// <c>bytes</c> (so many of them).
/// </summary>
internal static class SampleFile
{
    public static byte[] Make(JsonObject file)
    {
        if (file["png"] is { } size)
        {
            var sides = size.GetValue<string>().Split('x');
            return Png(int.Parse(sides[0], CultureInfo.InvariantCulture), int.Parse(sides[1], CultureInfo.InvariantCulture));
        }

        return file["bytes"] is { } count
            ? Encoding.ASCII.GetBytes(new string('x', (int)count.GetValue<long>()))
            : Encoding.UTF8.GetBytes(file["text"]?.GetValue<string>() ?? "");
    }

    /// <summary>The size that a PNG says it has, as <c>40x30</c>.</summary>
    public static string SizeOf(ReadOnlySpan<byte> png) => string.Create(
        CultureInfo.InvariantCulture,
        $"{BinaryPrimitives.ReadInt32BigEndian(png[16..])}x{BinaryPrimitives.ReadInt32BigEndian(png[20..])}");

    /// <summary>RFC 2083, grey with 8 bits.</summary>
    private static byte[] Png(int width, int height)
    {
        using var png = new MemoryStream();
        png.Write([0x89, .. "PNG\r\n\x1a\n"u8]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8;
        Chunk(png, "IHDR"u8, header);
        using var rows = new MemoryStream();
        using (var compressed = new ZLibStream(rows, CompressionLevel.Fastest, leaveOpen: true))
            for (var row = 0; row < height; row++) compressed.Write(new byte[width + 1]);
        Chunk(png, "IDAT"u8, rows.ToArray());
        Chunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    private static void Chunk(MemoryStream png, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        png.Write(type);
        png.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(type, data));
        png.Write(number);
    }

    private static uint Crc(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in (byte[])[.. type, .. data])
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }

        return ~crc;
    }
}
