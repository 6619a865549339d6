using System.Text.Json;
using Platform.TenantShard.Collections.Json;

namespace Platform.TenantShard.Collections;

/// <summary>One page of a list of collections.</summary>
internal sealed record CollectionPage(IReadOnlyList<Collection> Items, long Page, int PerPage, long TotalItems)
{
    /// <summary>The total of a list whose client did not want it counted.</summary>
    public const long Unknown = -1;

    public static void Write(Utf8JsonWriter writer, CollectionPage page)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("items");
        foreach (var collection in page.Items) CollectionJson.Write(writer, collection);
        writer.WriteEndArray();
        writer.WriteNumber("page", page.Page);
        writer.WriteNumber("perPage", page.PerPage);
        writer.WriteNumber("totalItems", page.TotalItems);
        var pages = page.TotalItems == Unknown ? Unknown : (page.TotalItems + page.PerPage - 1) / page.PerPage;
        writer.WriteNumber("totalPages", pages);
        writer.WriteEndObject();
    }
}
