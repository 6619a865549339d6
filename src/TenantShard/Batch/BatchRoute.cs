using Platform.TenantShard.Http;

namespace Platform.TenantShard.Batch;

/// <summary>What a request of a batch does, found by its method and path.</summary>
internal static class BatchRoute
{
    private const string Collections = "/api/collections/";
    private const string Records = "records";

    /// <summary>False when it is nothing that a batch can do.</summary>
    public static bool TryMatch(BatchRequest request, out RouteValues values)
    {
        values = default;
        if (!request.Path.StartsWith(Collections, StringComparison.Ordinal)) return false;
        var segments = request.Path[Collections.Length..].TrimEnd('/').Split('/');
        if (segments.Length is < 2 or > 3 || segments[1] != Records || segments[0].Length == 0) return false;
        var hasId = segments.Length == 3 && segments[2].Length > 0;
        if (hasId != request.Method is "PATCH" or "DELETE") return false;
        if (!hasId && request.Method is not ("POST" or "PUT")) return false;
        values = new RouteValues(
            Uri.UnescapeDataString(segments[0]), hasId ? Uri.UnescapeDataString(segments[2]) : "", "");
        return true;
    }
}
