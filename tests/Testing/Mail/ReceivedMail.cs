using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Platform.Testing.Mail;

/// <summary>A message as the server got it.</summary>
public sealed record ReceivedMail(string Sender, string Recipient, string Source, string Credentials, bool IsSecure)
{
    public string Subject => string.Concat(
        Regex.Matches(Regex.Match(Source, @"Subject: ((.+\r\n)(?: .+\r\n)*)").Value, @"=\?utf-8\?B\?([^?]*)\?=")
            .Select(word => Encoding.UTF8.GetString(Convert.FromBase64String(word.Groups[1].Value))));

    public string Html => Part("text/html");

    public string Plain => Part("text/plain");

    /// <summary>What follows the text in the HTML, up to a character that no token has.</summary>
    public string After(string text)
    {
        var start = Html.IndexOf(text, StringComparison.Ordinal);
        if (start < 0) throw new InvalidOperationException($"No {text} in {Html}");
        return Regex.Match(Html[(start + text.Length)..], @"^[\w.\-]*").Value;
    }

    private string Part(string type)
    {
        var pattern = string.Create(
            CultureInfo.InvariantCulture, $@"Content-Type: {type}.*\r\n.*base64\r\n\r\n([\s\S]*?)\r\n--");
        return Encoding.UTF8.GetString(Convert.FromBase64String(Regex.Match(Source, pattern).Groups[1].Value));
    }
}
