using System.Text;

namespace Platform.TenantShard.Files.Forms;

/// <summary>
/// Tells kinds of text apart. What has no control characters is text (https://mimesniff.spec.whatwg.org).
/// </summary>
internal static class TextSignature
{
    private const string Utf8 = "; charset=utf-8";

    private static readonly string[] HtmlStarts =
    [
        "<!doctype html", "<html", "<head", "<body", "<script", "<iframe", "<h1", "<div", "<font", "<table", "<a ",
        "<style", "<title", "<b>", "<br", "<p>", "<!--",
    ];

    public static ContentType? Detect(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE])) return new("text/plain; charset=utf-16le", ".txt");
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])) return new("text/plain; charset=utf-16be", ".txt");
        foreach (var value in head)
            if (value is < 0x08 or 0x0B or (>= 0x0E and <= 0x1A) or (>= 0x1C and <= 0x1F)) return null;
        var text = Encoding.UTF8.GetString(head).TrimStart('\uFEFF').TrimStart();
        if (Contains(text, "<svg") && (Starts(text, "<svg") || Starts(text, "<?xml") || Starts(text, "<!")))
            return new ContentType("image/svg+xml", ".svg");
        if (Array.Exists(HtmlStarts, start => Starts(text, start))) return new("text/html" + Utf8, ".html");
        if (Starts(text, "<?xml")) return new("text/xml" + Utf8, ".xml");
        if (Starts(text, "BEGIN:VCALENDAR")) return new("text/calendar", ".ics");
        if (Starts(text, "BEGIN:VCARD")) return new("text/vcard", ".vcf");
        if (IsJson(head)) return new("application/json", ".json");
        return IsTable(text) ? new ContentType("text/csv", ".csv") : new ContentType("text/plain" + Utf8, ".txt");
    }

    private static bool Starts(string text, string start) =>
        text.StartsWith(start, StringComparison.OrdinalIgnoreCase);

    private static bool Contains(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);

    /// <summary>An object or array, valid as far as the head goes.</summary>
    private static bool IsJson(ReadOnlySpan<byte> head)
    {
        var isWhole = head.Length < ContentSignature.HeadBytes;
        var reader = new System.Text.Json.Utf8JsonReader(head, isWhole, state: default);
        try
        {
            if (!reader.Read()) return false;
            if (reader.TokenType is not (System.Text.Json.JsonTokenType.StartObject
                or System.Text.Json.JsonTokenType.StartArray)) return false;
            while (reader.Read())
            {
                // Reading is the test.
            }

            return true;
        }
        catch (System.Text.Json.JsonException)
        {
            return false;
        }
    }

    /// <summary>At least two lines with the same number of commas.</summary>
    private static bool IsTable(string text)
    {
        var lines = text.TrimEnd().Split('\n', 20);
        if (lines.Length < 2) return false;
        var commas = lines[0].AsSpan().Count(',');
        // The last line may be cut.
        return commas > 0 && lines[1..^1].Append(lines.Length == 2 ? lines[1] : lines[0])
            .All(line => line.AsSpan().Count(',') == commas);
    }
}
