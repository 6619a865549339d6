using System.Globalization;

namespace Platform.TenantShard.Records.Codecs;

/// <summary>Numbers as text and texts as numbers, in the forms that PocketBase gives and takes.</summary>
internal static class NumberText
{
    private const NumberStyles Form =
        NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>The text that a text field makes of a JSON number: no exponent, no zeros at the end of a fraction.</summary>
    public static string FromJson(string literal)
    {
        // An integer stays as it was sent, however long.
        if (literal.AsSpan().IndexOfAny('.', 'e', 'E') < 0) return literal;
        return double.TryParse(literal, Form, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? WithoutExponent(number)
            : literal;
    }

    /// <summary>The number that a text is, with or without underscores between its digits; 0 for any other text.</summary>
    public static double Parse(string text)
    {
        var digits = HasGoodUnderscores(text) ? text.Replace("_", "", StringComparison.Ordinal) : text;
        return double.TryParse(digits, Form, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }

    private static bool HasGoodUnderscores(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '_') continue;
            if (i == 0 || i == text.Length - 1) return false;
            if (!char.IsAsciiDigit(text[i - 1]) || !char.IsAsciiDigit(text[i + 1])) return false;
        }

        return true;
    }

    /// <summary>The shortest digits that give the number again, with the point where the exponent puts it.</summary>
    private static string WithoutExponent(double number)
    {
        var shortest = number.ToString("R", CultureInfo.InvariantCulture);
        if (!shortest.Contains('E', StringComparison.Ordinal)) return shortest;
        var e = shortest.IndexOf('E', StringComparison.Ordinal);
        var exponent = int.Parse(shortest.AsSpan(e + 1), CultureInfo.InvariantCulture);
        var sign = number < 0 ? "-" : "";
        var digits = shortest[..e].TrimStart('-').Replace(".", "", StringComparison.Ordinal);
        if (exponent < 0) return string.Concat(sign, "0.", new string('0', -exponent - 1), digits);
        var point = exponent + 1;
        return digits.Length <= point
            ? sign + digits.PadRight(point, '0')
            : string.Concat(sign, digits.AsSpan(0, point), ".", digits.AsSpan(point));
    }
}
