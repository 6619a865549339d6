using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Cluster.Admin;
using Platform.Cluster.Http;
using Platform.Cluster.Membership;

namespace Platform.Cluster.Nodes;

/// <summary><c>GET /api/cp/routes</c>: who owns which tenant, by the copy in this process's memory.</summary>
internal sealed class RouteEndpoints(RouteMap routes)
{
    private const int PerPageMax = 1000;

    private static readonly string[] Names = ["page", "perPage", "node"];

    public void Map(IEndpointRouteBuilder endpoints, AdminGuard guard) =>
        endpoints.MapGet("/api/cp/routes", guard.Protect(ListAsync));

    private Task ListAsync(HttpContext context)
    {
        var query = new QueryFields(context.Request.Query, Names);
        var (page, perPage) = query.Page(PerPageMax);
        if (query.Problem is { } problem) return JsonAnswer.WriteAsync(context, problem);
        var found = Find(query.Text("node"));
        found.Sort((left, right) => string.CompareOrdinal(left.Tenant.Value, right.Tenant.Value));
        return JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("page", page);
            writer.WriteNumber("perPage", perPage);
            writer.WriteNumber("totalItems", found.Count);
            writer.WriteNumber("totalPages", ((long)found.Count + perPage - 1) / perPage);
            writer.WriteStartArray("items");
            foreach (var route in found.Skip((int)Math.Min(int.MaxValue, (page - 1L) * perPage)).Take(perPage))
            {
                writer.WriteStartObject();
                writer.WriteString("tenant", route.Tenant.Value);
                writer.WriteString("node", route.Node);
                writer.WriteNumber("epoch", route.Epoch);
                writer.WriteString("reason", route.Document.Reason);
                writer.WriteString("from", route.Document.From);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    private List<ShardRoute> Find(string node)
    {
        if (node.Length == 0) return [.. routes.All()];
        var found = new List<ShardRoute>();
        foreach (var tenant in routes.TenantsOf(node))
            if (routes.TryFind(tenant, out var route)) found.Add(route);
        return found;
    }
}
