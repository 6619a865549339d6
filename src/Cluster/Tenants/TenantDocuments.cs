using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Platform.Cluster.Http;
using Platform.Messages.Tenants;

namespace Platform.Cluster.Tenants;

/// <summary>Tenants in answers of the admin API: the descriptor, where it answers, and the node that runs it.</summary>
/// <param name="nodeOf">The id of the tenant's node; null: it has none now.</param>
/// <param name="urlOf">Where the tenant answers.</param>
internal sealed class TenantDocuments(Func<TenantDescriptor, string?> nodeOf, Func<TenantDescriptor, string> urlOf)
{
    /// <param name="context">The request.</param>
    /// <param name="status">The status of the answer.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="writeMore">Adds fields of the occasion; null when there are none.</param>
    public Task WriteAsync(
        HttpContext context, int status, TenantDescriptor tenant, Action<Utf8JsonWriter>? writeMore = null) =>
        JsonAnswer.WriteAsync(context, status, writer => Write(writer, tenant, writeMore));

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

    private void Write(Utf8JsonWriter writer, TenantDescriptor tenant, Action<Utf8JsonWriter>? writeMore = null)
    {
        writer.WriteStartObject();
        TenantJson.WriteFields(writer, tenant);
        writer.WriteString("node", nodeOf(tenant));
        writer.WriteString("url", urlOf(tenant));
        writeMore?.Invoke(writer);
        writer.WriteEndObject();
    }
}
