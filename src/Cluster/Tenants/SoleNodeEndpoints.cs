using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Cluster.Admin;
using Platform.Cluster.Coordinator;
using Platform.Cluster.Http;
using Platform.Cluster.Membership;
using Platform.Messages.Identity;

namespace Platform.Cluster.Tenants;

/// <summary>Where tenants are when there is one node: here. What needs a cluster is refused in words.</summary>
internal sealed class SoleNodeEndpoints(TenantIndex index, ShardTenants tenants, LocalNode node)
{
    private static readonly ApiProblem NeedsCluster = new(
        409,
        "This platform is one process (all-in-one): it has no routes, no other nodes, nothing to rebalance, and no snapshots "
        + "of a cluster.");

    public void Map(IEndpointRouteBuilder routes, AdminGuard guard)
    {
        foreach (var path in (string[])[
                     "routes", "rebalance", "snapshots", "snapshots/{name}/restore",
                     "nodes/{id}/cordon", "nodes/{id}/uncordon", "nodes/{id}/drain",
                 ])
            routes.Map("/api/cp/" + path, guard.Protect(context => JsonAnswer.WriteAsync(context, NeedsCluster)));
        routes.MapPost("/api/cp/tenants/{id}/migrate", guard.Protect(context => JsonAnswer.WriteAsync(
            context, Find(context) is null ? Unknown(context) : MigrationProblems.OneNode)));
        routes.MapGet("/api/cp/tenants/{id}/location", guard.Protect(LocateAsync));
    }

    private Task LocateAsync(HttpContext context) => Find(context) is { } tenant
        ? JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("tenant", tenant.Value);
            writer.WriteString("node", node.Id);
            writer.WriteString("state", tenants.Moves.StateOf(tenant));
            writer.WriteString("since", TenantJson.Format(node.Started));
            writer.WriteString("address", node.Address);
            writer.WriteString("zone", node.Zone);
            writer.WriteEndObject();
        })
        : JsonAnswer.WriteAsync(context, Unknown(context));

    private TenantId? Find(HttpContext context) =>
        TenantId.TryParse((string?)context.Request.RouteValues["id"], out var id) && index.Get(id) is not null ? id : null;

    private static ApiProblem Unknown(HttpContext context) =>
        RegistryProblems.Unknown((string?)context.Request.RouteValues["id"] ?? "");
}
