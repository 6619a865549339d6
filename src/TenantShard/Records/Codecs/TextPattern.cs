using System.Text;
using System.Text.RegularExpressions;

namespace Platform.TenantShard.Records.Codecs;

/// <summary>
/// The pattern of a text field: Go's regular expressions, run in linear time whatever the value. Two patterns that
/// every collection has are matched by hand.
/// </summary>
internal sealed class TextPattern
{
    private const string IdPattern = "^[a-z0-9]+$";

    private readonly bool _isIdPattern;
    private readonly Regex? _regex;

    public TextPattern(string pattern)
    {
        _isIdPattern = pattern == IdPattern;
        if (!_isIdPattern) _regex = Compile(pattern);
    }

    /// <summary>
    /// True when the whole value keeps the pattern. A pattern that cannot be compiled matches nothing.
    /// </summary>
    public bool Matches(ReadOnlySpan<byte> utf8)
    {
        if (_isIdPattern) return IsIdLike(utf8);
        return _regex is not null && _regex.IsMatch(Encoding.UTF8.GetString(utf8));
    }

    private static bool IsIdLike(ReadOnlySpan<byte> utf8)
    {
        foreach (var character in utf8)
            if (character is not ((>= (byte)'a' and <= (byte)'z') or (>= (byte)'0' and <= (byte)'9'))) return false;
        return !utf8.IsEmpty;
    }

    private static Regex? Compile(string pattern)
    {
        // In Go "$" is the very end; .NET would let a line feed follow.
        if (pattern.EndsWith('$') && !pattern.EndsWith(@"\$", StringComparison.Ordinal))
            pattern = string.Concat(pattern.AsSpan(0, pattern.Length - 1), @"\z");
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
