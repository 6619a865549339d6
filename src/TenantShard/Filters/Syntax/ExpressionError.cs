using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Filters.Syntax;

/// <summary>The refusals of a filter or sort. Positions count characters from 1, as editors do.</summary>
internal static class ExpressionError
{
    /// <summary>Characters of the client's text that a message repeats.</summary>
    private const int EchoMax = 64;

    public static ApiException InFilter(string reason, int start) =>
        ApiException.BadRequest($"Invalid filter: {reason} at position {start + 1}.");

    public static ApiException InFilter(string reason) => ApiException.BadRequest($"Invalid filter: {reason}.");

    public static ApiException InSort(string reason) => ApiException.BadRequest($"Invalid sort: {reason}.");

    /// <summary>The client's own words, shortened.</summary>
    public static string Echo(string text) => text.Length <= EchoMax ? text : text[..EchoMax] + "...";
}
