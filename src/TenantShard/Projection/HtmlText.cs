using System.Collections.Frozen;
using System.Net;
using System.Text;

namespace Platform.TenantShard.Projection;

/// <summary>The text of an HTML fragment: one pass, stops when enough is found.</summary>
internal static class HtmlText
{
    /// <summary>Elements whose content nobody reads.</summary>
    private static readonly FrozenSet<string> Hidden =
        new[] { "head", "style", "script", "iframe", "embed", "object" }
            .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Elements that do not part words; all others do.</summary>
    private static readonly FrozenSet<string> Inline =
        new[]
        {
            "a", "abbr", "acronym", "b", "bdo", "big", "br", "button", "cite", "code", "em", "font", "i", "img",
            "input", "kbd", "label", "map", "mark", "meter", "noscript", "output", "progress", "q", "s", "samp",
            "select", "small", "span", "strike", "strong", "sub", "sup", "svg", "textarea", "time", "tt", "u", "var",
        }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <param name="html">Any text; what is no markup stays.</param>
    /// <param name="enough">Characters after which the rest need not be read. The result may be longer.</param>
    public static string Strip(string html, int enough)
    {
        var text = new StringBuilder(Math.Min(html.Length, enough * 2));
        var at = 0;
        while (at < html.Length && text.Length <= 2L * enough + 2)
        {
            var open = html.IndexOf('<', at);
            if (open < 0) open = html.Length;
            Append(text, WebUtility.HtmlDecode(html[at..open]));
            at = open < html.Length ? SkipMarkup(html, open, text) : open;
        }

        return text.ToString().Trim();
    }

    private static void Append(StringBuilder text, string words)
    {
        foreach (var c in words)
        {
            if (!char.IsWhiteSpace(c)) text.Append(c);
            else AppendSpace(text);
        }
    }

    private static void AppendSpace(StringBuilder text)
    {
        if (text.Length > 0 && text[^1] != ' ') text.Append(' ');
    }

    /// <summary>Passes the markup that begins at <paramref name="open"/>, or takes the bracket as text.</summary>
    private static int SkipMarkup(string html, int open, StringBuilder text)
    {
        if (string.CompareOrdinal(html, open, "<!--", 0, 4) == 0)
            return After(html, "-->", open + 4);
        var nameStart = open + 1;
        if (nameStart < html.Length && html[nameStart] is '/') nameStart++;
        if (nameStart >= html.Length || !(char.IsAsciiLetter(html[nameStart]) || html[nameStart] == '!'))
        {
            text.Append('<');
            return open + 1;
        }

        var nameEnd = nameStart;
        while (nameEnd < html.Length && char.IsAsciiLetterOrDigit(html[nameEnd])) nameEnd++;
        var name = html[nameStart..nameEnd];
        var end = After(html, ">", nameEnd);
        if (!Inline.Contains(name)) AppendSpace(text);
        var isOpening = nameStart == open + 1;
        return isOpening && Hidden.Contains(name) && name is not "embed" ? AfterElement(html, name, end) : end;
    }

    private static int AfterElement(string html, string name, int from)
    {
        var close = html.IndexOf("</" + name, from, StringComparison.OrdinalIgnoreCase);
        return close < 0 ? html.Length : After(html, ">", close);
    }

    private static int After(string html, string mark, int from)
    {
        var found = from <= html.Length ? html.IndexOf(mark, from, StringComparison.Ordinal) : -1;
        return found < 0 ? html.Length : found + mark.Length;
    }
}
