using System.Collections.Frozen;
using Platform.TenantShard.Files.Forms;

namespace Platform.TenantShard.Files.Serving;

/// <summary>Which types a browser may show in place, as in PocketBase; others are downloads.</summary>
internal static class InlineTypes
{
    private static readonly FrozenSet<string> Types = new[]
    {
        "image/png", "image/jpg", "image/jpeg", "image/gif", "image/webp", "image/x-icon", "image/bmp",
        "video/webm", "video/mp4", "video/3gpp", "video/quicktime", "video/x-ms-wmv",
        "audio/basic", "audio/aiff", "audio/mpeg", "audio/midi", "audio/mp3", "audio/wave", "audio/wav", "audio/x-wav",
        "audio/x-mpeg", "audio/x-m4a", "audio/aac",
        "application/pdf", "application/x-pdf",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>
    /// Text formats that pages load by their extension and that their content does not prove; and documents that are zips,
    /// whose first bytes need not tell more.
    /// </summary>
    private static readonly FrozenDictionary<string, string> ByExtension = new Dictionary<string, string>
    {
        [".svg"] = "image/svg+xml",
        [".css"] = "text/css",
        [".js"] = "text/javascript",
        [".mjs"] = "text/javascript",
        [".docx"] = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        [".xlsx"] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        [".pptx"] = "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static bool Contains(ContentType type) => Types.Contains(type.Mime);

    public static string ServedAs(string name, ContentType type) =>
        ByExtension.TryGetValue(Path.GetExtension(name), out var mime) ? mime : type.Mime;
}
