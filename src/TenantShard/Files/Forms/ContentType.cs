namespace Platform.TenantShard.Files.Forms;

/// <summary>What a content is: its MIME type and the usual extension, with its dot.</summary>
internal readonly record struct ContentType(string Mime, string Extension)
{
    public static ContentType Unknown { get; } = new("application/octet-stream", "");

    /// <summary>The type without parameters.</summary>
    public ReadOnlySpan<char> Essence
    {
        get
        {
            var end = Mime.AsSpan().IndexOf(';');
            return end < 0 ? Mime : Mime.AsSpan(0, end);
        }
    }

    public bool IsImageWithThumbs => Mime is "image/png" or "image/jpeg" or "image/gif" or "image/webp";

    /// <summary>True for the same type, whatever the parameters and the letters' case.</summary>
    public bool Is(string mime)
    {
        var wanted = mime.AsSpan();
        var end = wanted.IndexOf(';');
        if (end >= 0) wanted = wanted[..end];
        wanted = wanted.Trim();
        return Essence.Equals(wanted, StringComparison.OrdinalIgnoreCase) || IsAlias(wanted);
    }

    private bool IsAlias(ReadOnlySpan<char> wanted) => Mime switch
    {
        "audio/mpeg" => Same(wanted, "audio/mp3") || Same(wanted, "audio/x-mpeg"),
        "audio/wav" => Same(wanted, "audio/x-wav") || Same(wanted, "audio/wave"),
        "audio/x-m4a" => Same(wanted, "audio/mp4") || Same(wanted, "audio/m4a"),
        "application/pdf" => Same(wanted, "application/x-pdf"),
        "application/zip" => Same(wanted, "application/x-zip") || Same(wanted, "application/x-zip-compressed"),
        "application/gzip" => Same(wanted, "application/x-gzip"),
        "text/xml; charset=utf-8" => Same(wanted, "application/xml"),
        "image/x-icon" => Same(wanted, "image/vnd.microsoft.icon"),
        "image/bmp" => Same(wanted, "image/x-bmp") || Same(wanted, "image/x-ms-bmp"),
        _ => false,
    };

    private static bool Same(ReadOnlySpan<char> left, string right) =>
        left.Equals(right, StringComparison.OrdinalIgnoreCase);
}
