using System.Text.Json;
using Platform.TenantShard.Collections.Json;
using Platform.TenantShard.Records;

namespace Platform.TenantShard.Collections;

/// <summary>One page of a list of collections.</summary>
internal sealed record CollectionPage(IReadOnlyList<Collection> Items, long Page, int PerPage, long TotalItems)
{
    public static void Write(Utf8JsonWriter writer, CollectionPage page)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("items");
        foreach (var collection in page.Items) CollectionJson.Write(writer, collection);
        writer.WriteEndArray();
        writer.WriteNumber("page", page.Page);
        writer.WriteNumber("perPage", page.PerPage);
        writer.WriteNumber("totalItems", page.TotalItems);
        var pages = page.TotalItems == TableQuery.UnknownTotal
            ? TableQuery.UnknownTotal
            : (page.TotalItems + page.PerPage - 1) / page.PerPage;
        writer.WriteNumber("totalPages", pages);
        writer.WriteEndObject();
    }
}
