using System.Globalization;

namespace Platform.TenantShard.Records.Codecs;

/// <summary>Moments as the database holds them: UTC, <c>2006-01-02 15:04:05.000Z</c>.</summary>
internal static class DateText
{
    /// <summary>Bytes of every stored moment.</summary>
    public const int Length = 24;

    private const string Format = "yyyy-MM-dd HH:mm:ss.fff'Z'";

    private static readonly string[] OtherFormats =
        ["r", "ddd, dd MMM yyyy HH:mm:ss zzz", "dd MMM yyyy", "yyyy-MM-dd HH:mm:ss zzz 'UTC'"];

    public static void Write(DateTimeOffset moment, Span<byte> target) =>
        moment.UtcDateTime.TryFormat(target, out _, Format, CultureInfo.InvariantCulture);

    public static string ToText(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>Reads the forms that clients send; a moment without a zone is UTC.</summary>
    public static bool TryParse(string text, out DateTimeOffset moment)
    {
        const DateTimeStyles Styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        text = text.Trim();
        if (StartsWithDate(text))
            return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Styles, out moment);
        return DateTimeOffset.TryParseExact(text, OtherFormats, CultureInfo.InvariantCulture, Styles, out moment);
    }

    /// <summary>A year, a month and a day: the general parser would add today's to a bare time.</summary>
    private static bool StartsWithDate(string text) =>
        text.Length >= 10 && text[4] == '-' && text[7] == '-'
            && char.IsAsciiDigit(text[0]) && char.IsAsciiDigit(text[8]) && char.IsAsciiDigit(text[9]);
}
