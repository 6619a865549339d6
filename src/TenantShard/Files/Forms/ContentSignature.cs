namespace Platform.TenantShard.Files.Forms;

/// <summary>
/// Tells what a content is from its first bytes. What the client says of it is never believed: a page that calls
/// itself an image must not be served as what it is not. Signatures: the formats' own specifications, collected at
/// https://en.wikipedia.org/wiki/List_of_file_signatures.
/// </summary>
internal static class ContentSignature
{
    /// <summary>Enough for every signature below.</summary>
    public const int HeadBytes = 4096;

    private static readonly Entry[] Entries =
    [
        new(0, [0x89, .. "PNG\r\n\x1a\n"u8], "image/png", ".png"),
        new(0, [0xFF, 0xD8, 0xFF], "image/jpeg", ".jpg"),
        new(0, [.. "GIF87a"u8], "image/gif", ".gif"),
        new(0, [.. "GIF89a"u8], "image/gif", ".gif"),
        new(0, [.. "BM"u8], "image/bmp", ".bmp"),
        new(0, [.. "II*\0"u8], "image/tiff", ".tiff"),
        new(0, [.. "MM\0*"u8], "image/tiff", ".tiff"),
        new(0, [.. "8BPS"u8], "image/vnd.adobe.photoshop", ".psd"),
        new(0, [0, 0, 1, 0], "image/x-icon", ".ico"),
        new(0, [0xFF, 0x0A], "image/jxl", ".jxl"),
        new(0, [.. "%PDF-"u8], "application/pdf", ".pdf"),
        new(0, [.. "%!PS-Adobe-"u8], "application/postscript", ".ps"),
        new(0, [.. "{\\rtf"u8], "text/rtf", ".rtf"),
        new(0, [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "application/x-ole-storage", ""),
        new(0, [0x1F, 0x8B, 0x08], "application/gzip", ".gz"),
        new(0, [.. "BZh"u8], "application/x-bzip2", ".bz2"),
        new(0, [0xFD, .. "7zXZ\0"u8], "application/x-xz", ".xz"),
        new(0, [0x28, 0xB5, 0x2F, 0xFD], "application/zstd", ".zst"),
        new(0, [.. "7z"u8, 0xBC, 0xAF, 0x27, 0x1C], "application/x-7z-compressed", ".7z"),
        new(0, [.. "Rar!\x1a\x07"u8], "application/x-rar-compressed", ".rar"),
        new(257, [.. "ustar"u8], "application/x-tar", ".tar"),
        new(0, [0x7F, .. "ELF"u8], "application/x-elf", ""),
        new(0, [.. "MZ"u8], "application/vnd.microsoft.portable-executable", ".exe"),
        new(0, [.. "\0asm"u8], "application/wasm", ".wasm"),
        new(0, [.. "SQLite format 3\0"u8], "application/vnd.sqlite3", ".sqlite"),
        new(0, [.. "fLaC"u8], "audio/flac", ".flac"),
        new(0, [.. "ID3"u8], "audio/mpeg", ".mp3"),
        new(0, [.. "MThd"u8], "audio/midi", ".midi"),
        new(0, [0xFF, 0xF1], "audio/aac", ".aac"),
        new(0, [0xFF, 0xF9], "audio/aac", ".aac"),
        new(0, [.. "OggS"u8], "application/ogg", ".ogg"),
        new(0, [.. "FLV\x01"u8], "video/x-flv", ".flv"),
        new(0, [0, 0, 1, 0xBA], "video/mpeg", ".mpeg"),
        new(0, [.. "wOFF"u8], "font/woff", ".woff"),
        new(0, [.. "wOF2"u8], "font/woff2", ".woff2"),
        new(0, [.. "OTTO"u8], "font/otf", ".otf"),
        new(0, [0, 1, 0, 0, 0], "font/ttf", ".ttf"),
        new(0, [.. "glTF"u8], "model/gltf-binary", ".glb"),
    ];

    /// <param name="head">The first <see cref="HeadBytes"/> of the content, or all of it.</param>
    public static ContentType Detect(ReadOnlySpan<byte> head)
    {
        // Nothing says which characters it would have.
        if (head.IsEmpty) return new ContentType("text/plain", ".txt");
        foreach (var entry in Entries)
            if (entry.Matches(head)) return entry.Type;
        if (ContainerSignature.Detect(head) is { } contained) return contained;
        return TextSignature.Detect(head) ?? ContentType.Unknown;
    }

    private sealed record Entry(int Offset, byte[] Bytes, string Mime, string Extension)
    {
        public ContentType Type { get; } = new(Mime, Extension);

        public bool Matches(ReadOnlySpan<byte> head) =>
            head.Length >= Offset + Bytes.Length && head[Offset..].StartsWith(Bytes);
    }
}
