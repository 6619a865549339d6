using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Platform.TenantShard.Http;

/// <summary>Reads a query string without the dictionary of collections that <c>Request.Query</c> builds.</summary>
internal static class QueryParameters
{
    /// <summary>Enough for every client; a query string of Kestrel's longest request line has no more of use.</summary>
    private const int ParametersMax = 256;

    private static readonly Dictionary<string, string> None = [];

    /// <summary>The first value of each parameter.</summary>
    public static IReadOnlyDictionary<string, string> ReadAll(QueryString query)
    {
        if (!query.HasValue) return None;
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in new QueryStringEnumerable(query.Value))
        {
            if (parameters.Count == ParametersMax) break;
            parameters.TryAdd(pair.DecodeName().ToString(), pair.DecodeValue().ToString());
        }

        return parameters;
    }

    /// <summary>The first value of one parameter, or null.</summary>
    public static string? Read(QueryString query, string name)
    {
        if (!query.HasValue) return null;
        foreach (var pair in new QueryStringEnumerable(query.Value))
            if (pair.DecodeName().Span.SequenceEqual(name)) return pair.DecodeValue().ToString();
        return null;
    }
}
