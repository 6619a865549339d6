using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Platform.TenantShard.Projection;

namespace Platform.TenantShard.Mail;

/// <summary>Writes a message as RFC 5322 and MIME have it: plain text and HTML, both in base64.</summary>
internal static partial class MimeText
{
    private const string NewLine = "\r\n";

    public static byte[] Write(MailMessage message, DateTimeOffset now)
    {
        var boundary = "b" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));
        var host = message.SenderAddress[(message.SenderAddress.LastIndexOf('@') + 1)..];
        var text = new StringBuilder();
        Header(text, "From", $"{Word(message.SenderName)} <{message.SenderAddress}>");
        Header(text, "To", $"<{message.Recipient}>");
        Header(text, "Subject", Word(message.Subject));
        Header(text, "Date", now.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture));
        Header(text, "Message-ID", $"<{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}@{host}>");
        Header(text, "MIME-Version", "1.0");
        Header(text, "Content-Type", $"multipart/alternative; boundary=\"{boundary}\"");
        Part(text, boundary, "text/plain", Plain(message.Html));
        Part(text, boundary, "text/html", message.Html);
        text.Append(NewLine).Append("--").Append(boundary).Append("--").Append(NewLine);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>The text without markup, each link's address before its name.</summary>
    private static string Plain(string html) => HtmlText.Strip(Link().Replace(html, "$0$1 "), html.Length);

    [GeneratedRegex("<a\\s[^>]*href=\"([^\"]*)\"[^>]*>", RegexOptions.NonBacktracking)]
    private static partial Regex Link();

    private static void Header(StringBuilder text, string name, string value) =>
        text.Append(name).Append(": ").Append(value).Append(NewLine);

    private static void Part(StringBuilder text, string boundary, string type, string content)
    {
        text.Append(NewLine).Append("--").Append(boundary).Append(NewLine);
        Header(text, "Content-Type", type + "; charset=utf-8");
        Header(text, "Content-Transfer-Encoding", "base64");
        text.Append(NewLine);
        // The longest line of base64 in MIME has 76 characters (RFC 2045, 6.8).
        text.Append(Convert.ToBase64String(Encoding.UTF8.GetBytes(content), Base64FormattingOptions.InsertLineBreaks));
        text.Append(NewLine);
    }

    /// <summary>
    /// Text of a header: encoded words (RFC 2047), so that neither a line break nor any character can end it. Each word
    /// has at most 75 characters, so text is cut at 42 bytes, between characters.
    /// </summary>
    private static string Word(string value)
    {
        var words = new StringBuilder();
        var bytes = new List<byte>();
        foreach (var rune in value.EnumerateRunes())
        {
            var encoded = Encoding.UTF8.GetBytes(rune.ToString());
            if (bytes.Count + encoded.Length > 42) Flush(words, bytes);
            bytes.AddRange(Rune.IsControl(rune) ? " "u8 : encoded);
        }

        Flush(words, bytes);
        return words.ToString();
    }

    private static void Flush(StringBuilder words, List<byte> bytes)
    {
        if (bytes.Count == 0) return;
        if (words.Length > 0) words.Append(NewLine).Append(' ');
        words.Append("=?utf-8?B?").Append(Convert.ToBase64String([.. bytes])).Append("?=");
        bytes.Clear();
    }
}
