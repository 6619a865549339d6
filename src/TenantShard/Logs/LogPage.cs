using System.Text.Json;
using Platform.TenantShard.Records;

namespace Platform.TenantShard.Logs;

/// <summary>One page of a list of entries.</summary>
internal sealed record LogPage(IReadOnlyList<LogRow> Items, long Page, int PerPage, long TotalItems)
{
    public static void Write(Utf8JsonWriter writer, LogPage page)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("items"u8);
        foreach (var row in page.Items) LogRow.Write(writer, row);
        writer.WriteEndArray();
        writer.WriteNumber("page"u8, page.Page);
        writer.WriteNumber("perPage"u8, page.PerPage);
        writer.WriteNumber("totalItems"u8, page.TotalItems);
        var pages = page.TotalItems == TableQuery.UnknownTotal
            ? TableQuery.UnknownTotal
            : (page.TotalItems + page.PerPage - 1) / page.PerPage;
        writer.WriteNumber("totalPages"u8, pages);
        writer.WriteEndObject();
    }
}
