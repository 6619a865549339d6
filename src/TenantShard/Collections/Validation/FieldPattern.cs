using System.Text.RegularExpressions;

namespace Platform.TenantShard.Collections.Validation;

/// <summary>
/// Patterns of fields. They run without backtracking, so that no pattern and value can take longer than linear time;
/// that also makes them the same language as the original's: no look-around, no back-references.
/// </summary>
internal static class FieldPattern
{
    /// <summary>The pattern, ready to match.</summary>
    /// <exception cref="ArgumentException">It is not valid.</exception>
    /// <exception cref="NotSupportedException">It needs backtracking.</exception>
    public static Regex Compile(string pattern) =>
        // (?P<name> is how the original writes groups with names.
        new(pattern.Replace("(?P<", "(?<", StringComparison.Ordinal),
            RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    /// <summary>Why the pattern cannot be used, or null.</summary>
    public static string? Problem(string pattern)
    {
        if (pattern.Length == 0) return null;
        try
        {
            Compile(pattern);
            return null;
        }
        catch (RegexParseException fault)
        {
            return $"Invalid pattern at position {fault.Offset}.";
        }
        catch (NotSupportedException)
        {
            return "Look-around, back-references and very large repetitions are not supported.";
        }
    }
}
