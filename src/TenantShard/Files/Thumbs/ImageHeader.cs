using System.Buffers.Binary;

namespace Platform.TenantShard.Files.Thumbs;

/// <summary>
/// The size that an image claims, read before anything is decoded: a small file may claim a picture that fills the
/// memory. PNG: RFC 2083, 4.1.1; GIF89a, 18; JPEG: ITU T.81, B.2.2; WebP: RFC 9649, 2.5 to 2.7.
/// </summary>
internal static class ImageHeader
{
    /// <summary>Width and height in pixels; null when the header is broken.</summary>
    public static (int Width, int Height)? ReadSize(ReadOnlySpan<byte> image, string mime)
    {
        var size = mime switch
        {
            "image/png" when image.Length >= 24 => (
                BinaryPrimitives.ReadInt32BigEndian(image[16..]), BinaryPrimitives.ReadInt32BigEndian(image[20..])),
            "image/gif" when image.Length >= 10 => (
                BinaryPrimitives.ReadUInt16LittleEndian(image[6..]),
                BinaryPrimitives.ReadUInt16LittleEndian(image[8..])),
            "image/jpeg" => ReadJpeg(image),
            "image/webp" when image.Length >= 30 => ReadWebp(image),
            _ => default((int, int)?),
        };
        return size is { Item1: > 0, Item2: > 0 } ? size : null;
    }

    private static (int, int)? ReadJpeg(ReadOnlySpan<byte> image)
    {
        for (var offset = 2; offset + 9 <= image.Length;)
        {
            if (image[offset] != 0xFF) return null;
            var marker = image[offset + 1];
            if (marker == 0xFF)
            {
                offset++;
                continue;
            }

            // Start of frame: SOF0 to SOF15 without DHT, JPG and DAC, which have numbers among them.
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                return (BinaryPrimitives.ReadUInt16BigEndian(image[(offset + 7)..]),
                    BinaryPrimitives.ReadUInt16BigEndian(image[(offset + 5)..]));
            }

            offset += 2 + BinaryPrimitives.ReadUInt16BigEndian(image[(offset + 2)..]);
        }

        return null;
    }

    private static (int, int)? ReadWebp(ReadOnlySpan<byte> image)
    {
        var chunk = image[12..16];
        if (chunk.SequenceEqual("VP8 "u8))
        {
            return (BinaryPrimitives.ReadUInt16LittleEndian(image[26..]) & 0x3FFF,
                BinaryPrimitives.ReadUInt16LittleEndian(image[28..]) & 0x3FFF);
        }

        if (chunk.SequenceEqual("VP8L"u8))
        {
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(image[21..]);
            return ((int)(bits & 0x3FFF) + 1, (int)((bits >> 14) & 0x3FFF) + 1);
        }

        if (!chunk.SequenceEqual("VP8X"u8)) return null;
        return ((image[24] | (image[25] << 8) | (image[26] << 16)) + 1,
            (image[27] | (image[28] << 8) | (image[29] << 16)) + 1);
    }
}
