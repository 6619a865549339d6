using Microsoft.AspNetCore.Http;
using Platform.Cluster.Http;
using Platform.Messages.Tenants;

namespace Platform.Cluster.Tenants;

/// <summary>Tenants in answers of the admin API: the descriptor, where it answers, and the node that runs it.</summary>
internal sealed class TenantDocuments(string nodeId, Func<TenantDescriptor, string> urlOf)
{
    public Task WriteAsync(HttpContext context, int status, TenantDescriptor tenant) =>
        JsonAnswer.WriteAsync(context, status, writer => Write(writer, tenant));

    public Task WritePageAsync(HttpContext context, TenantQuery query, TenantPage page) =>
        JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("page", query.Page);
            writer.WriteNumber("perPage", query.PerPage);
            writer.WriteNumber("totalItems", page.TotalItems);
            writer.WriteNumber("totalPages", (page.TotalItems + query.PerPage - 1) / query.PerPage);
            writer.WriteStartArray("items");
            foreach (var tenant in page.Items) Write(writer, tenant);
            writer.WriteEndArray();
            writer.WriteEndObject();
        });

    private void Write(System.Text.Json.Utf8JsonWriter writer, TenantDescriptor tenant)
    {
        writer.WriteStartObject();
        TenantJson.WriteFields(writer, tenant);
        writer.WriteString("node", nodeId);
        writer.WriteString("url", urlOf(tenant));
        writer.WriteEndObject();
    }
}
