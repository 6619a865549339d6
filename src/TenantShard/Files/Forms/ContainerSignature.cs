namespace Platform.TenantShard.Files.Forms;

/// <summary>
/// Formats that share a container and differ in what is inside: RIFF, ISO media, Matroska, zip, MPEG audio.
/// </summary>
internal static class ContainerSignature
{
    public static ContentType? Detect(ReadOnlySpan<byte> head)
    {
        if (head.Length >= 12 && head.StartsWith("RIFF"u8)) return Riff(head[8..12]);
        if (head.Length >= 12 && head[4..8].SequenceEqual("ftyp"u8)) return Iso(head[8..12]);
        if (head.StartsWith((ReadOnlySpan<byte>)[0x1A, 0x45, 0xDF, 0xA3]))
        {
            return head[..Math.Min(head.Length, 64)].IndexOf("webm"u8) >= 0
                ? new ContentType("video/webm", ".webm")
                : new ContentType("video/x-matroska", ".mkv");
        }

        if (head.StartsWith("PK\x03\x04"u8) || head.StartsWith("PK\x05\x06"u8)) return Zip(head);
        // An MPEG audio frame of layer III: 11 sync bits, a version, and the layer bits 01 (ISO 11172-3, 2.4.1.3).
        return head.Length >= 2 && head[0] == 0xFF && (head[1] & 0xE6) == 0xE2
            ? new ContentType("audio/mpeg", ".mp3")
            : null;
    }

    private static ContentType? Riff(ReadOnlySpan<byte> form)
    {
        if (form.SequenceEqual("WEBP"u8)) return new ContentType("image/webp", ".webp");
        if (form.SequenceEqual("WAVE"u8)) return new ContentType("audio/wav", ".wav");
        return form.SequenceEqual("AVI "u8) ? new ContentType("video/x-msvideo", ".avi") : null;
    }

    /// <summary>Brands: https://mp4ra.org/registered-types/brands.</summary>
    private static ContentType Iso(ReadOnlySpan<byte> brand)
    {
        if (brand.StartsWith("avif"u8) || brand.StartsWith("avis"u8)) return new ContentType("image/avif", ".avif");
        if (brand.StartsWith("hei"u8) || brand.StartsWith("hev"u8) || brand.SequenceEqual("mif1"u8))
            return new ContentType("image/heic", ".heic");
        if (brand.StartsWith("qt"u8)) return new ContentType("video/quicktime", ".mov");
        if (brand.StartsWith("M4A"u8)) return new ContentType("audio/x-m4a", ".m4a");
        if (brand.StartsWith("M4V"u8)) return new ContentType("video/x-m4v", ".m4v");
        return brand.StartsWith("3gp"u8)
            ? new ContentType("video/3gpp", ".3gp")
            : new ContentType("video/mp4", ".mp4");
    }

    private static ContentType Zip(ReadOnlySpan<byte> head)
    {
        const string Office = "application/vnd.openxmlformats-officedocument.";
        if (head.IndexOf("word/"u8) >= 0) return new(Office + "wordprocessingml.document", ".docx");
        if (head.IndexOf("xl/"u8) >= 0) return new(Office + "spreadsheetml.sheet", ".xlsx");
        if (head.IndexOf("ppt/"u8) >= 0) return new(Office + "presentationml.presentation", ".pptx");
        if (head.IndexOf("mimetypeapplication/epub+zip"u8) >= 0) return new("application/epub+zip", ".epub");
        const string Open = "application/vnd.oasis.opendocument.";
        if (head.IndexOf("mimetypeapplication/vnd.oasis.opendocument.text"u8) >= 0) return new(Open + "text", ".odt");
        return head.IndexOf("mimetypeapplication/vnd.oasis.opendocument.spreadsheet"u8) >= 0
            ? new ContentType(Open + "spreadsheet", ".ods")
            : new ContentType("application/zip", ".zip");
    }
}
