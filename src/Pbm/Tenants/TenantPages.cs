using System.Text.Json;
using Platform.Pbm.Admin;

namespace Platform.Pbm.Tenants;

/// <summary>Reads a list page by page.</summary>
internal static class TenantPages
{
    // Few requests for many tenants; a server that allows less answers with its own number.
    private const int PerPage = 500;

    /// <summary>
    /// All pages. Sorted by id, so that tenants created meanwhile move no other to an unread page twice.
    /// </summary>
    public static async Task<List<JsonElement>> ReadAllAsync(
        AdminClient client, TenantQuery query, CancellationToken cancellationToken)
    {
        var items = new List<JsonElement>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        query = query with { PerPage = query.PerPage ?? PerPage, Sort = "id" };
        for (var page = 1; ; page++)
        {
            var answer = await client.GetAsync((query with { Page = page }).Path, cancellationToken);
            var found = Items(answer.Root);
            foreach (var item in found)
                if (!item.TryGetProperty("id", out var id) || known.Add(id.ToString())) items.Add(item);
            var pages = answer.Root.TryGetProperty("totalPages", out var count) ? count.GetInt64() : 1;
            if (found.Count == 0 || page >= pages) return items;
        }
    }

    /// <summary>The tenants of one page.</summary>
    public static IReadOnlyList<JsonElement> Items(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty("items", out var items)
            && items.ValueKind == JsonValueKind.Array
            ? [.. items.EnumerateArray()]
            : throw new PbmException(ExitCode.Refused, "The server's answer is not a list of tenants.");
}
