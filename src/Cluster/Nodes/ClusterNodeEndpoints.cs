using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Cluster.Admin;
using Platform.Cluster.Health;
using Platform.Cluster.Http;
using Platform.Cluster.Membership;
using Platform.Cluster.Modes;
using Platform.Cluster.Store;
using Platform.Cluster.Tenants;

namespace Platform.Cluster.Nodes;

/// <summary>The admin API's nodes of a cluster: list, show, cordon, uncordon, drain; and the cluster's health.</summary>
internal sealed class ClusterNodeEndpoints(
    ClusterParts cluster, TenantIndex tenants, NodeHealth health, TimeProvider time)
{
    public void Map(IEndpointRouteBuilder routes, AdminGuard guard)
    {
        routes.MapGet("/api/cp/health", guard.Protect(AnswerHealthAsync));
        routes.MapGet("/api/cp/nodes", guard.Protect(ListAsync));
        routes.MapGet("/api/cp/nodes/{id}", guard.Protect(GetAsync));
        routes.MapPost("/api/cp/nodes/{id}/cordon", guard.Protect(context => CordonAsync(context, isDraining: false)));
        routes.MapPost("/api/cp/nodes/{id}/uncordon", guard.Protect(UncordonAsync));
        routes.MapPost("/api/cp/nodes/{id}/drain", guard.Protect(context => CordonAsync(context, isDraining: true)));
    }

    private async Task AnswerHealthAsync(HttpContext context)
    {
        var nodes = cluster.Nodes.Nodes.Values.Where(node => node.Address.Length > 0).ToList();
        var members = await cluster.Store.AskMembersAsync(context.RequestAborted);
        await new HealthReport
        {
            Leader = cluster.Office.Current?.Node,
            Nodes = nodes.Count,
            NodesHealthy = nodes.Count(node => node.ConditionAt(time) == NodeCondition.Healthy),
            Tenants = tenants.Count,
            TenantsActive = nodes.Sum(node => node.Document?.Load.TenantsActive ?? 0),
            Checks = health.Check(),
            Reasons = [.. ReasonsOf(nodes), .. members.Where(member => member.Problem is not null)
                .Select(member => $"etcd at {member.Endpoint}: {member.Problem}")],
            StoreMembers = members,
        }.AnswerAsync(context);
    }

    private IEnumerable<string> ReasonsOf(IEnumerable<NodeState> nodes)
    {
        if (cluster.Office.Current is null) yield return "there is no coordinator";
        foreach (var node in nodes)
        {
            if (node is { Document: not null, IsClockOff: true })
                yield return string.Create(
                    System.Globalization.CultureInfo.InvariantCulture,
                    $"node {node.Id}: its clock differs from this process's by {node.ClockSkew.TotalSeconds:0.0} s");
            switch (node.ConditionAt(time))
            {
                case NodeCondition.Down:
                    yield return $"node {node.Id} is down";
                    break;
                case NodeCondition.Degraded:
                    var problems = node.Document?.Problems ?? [];
                    yield return $"node {node.Id}: "
                        + (problems.Count > 0 ? string.Join("; ", problems) : "it sends no heartbeats");
                    break;
            }
        }
    }

    private Task ListAsync(HttpContext context)
    {
        var nodes = cluster.Nodes.Nodes.Values.ToList();
        return JsonAnswer.WriteAsync(context, 200, writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("page", 1);
            writer.WriteNumber("perPage", nodes.Count);
            writer.WriteNumber("totalItems", nodes.Count);
            writer.WriteNumber("totalPages", 1);
            writer.WriteStartArray("items");
            foreach (var node in nodes) Write(writer, node);
            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    private Task GetAsync(HttpContext context) => Find(context) is { } node
        ? JsonAnswer.WriteAsync(context, 200, writer => Write(writer, node, withTenants: true))
        : RefuseUnknownAsync(context);

    private async Task CordonAsync(HttpContext context, bool isDraining)
    {
        if (Find(context) is not { } node)
        {
            await RefuseUnknownAsync(context);
            return;
        }

        if (isDraining && !cluster.Nodes.Nodes.Values.Any(other => other.Id != node.Id && other.CanTakeTenants))
        {
            await JsonAnswer.WriteAsync(context, new ApiProblem(
                409, $"The node '{node.Id}' is the last that can take tenants: there is nowhere to move them."));
            return;
        }

        var cordon = new NodeCordon { IsDraining = isDraining, Since = time.GetUtcNow() };
        await ChangeAsync(context, node, StoreOperation.Put(
            ClusterKeys.CordonedNode(node.Id),
            JsonSerializer.SerializeToUtf8Bytes(cordon, MembershipJson.Default.NodeCordon)), cordon);
    }

    private Task UncordonAsync(HttpContext context) => Find(context) is { } node
        ? ChangeAsync(context, node, StoreOperation.Delete(ClusterKeys.CordonedNode(node.Id)), null)
        : RefuseUnknownAsync(context);

    private async Task ChangeAsync(HttpContext context, NodeState node, StoreOperation change, NodeCordon? cordon)
    {
        await cluster.Store.CommitAsync(new StoreTransaction { Operations = [change] }, context.RequestAborted);
        await JsonAnswer.WriteAsync(context, 200, writer => Write(writer, node with { Cordon = cordon }));
    }

    private NodeState? Find(HttpContext context) => cluster.Nodes.Find((string)context.Request.RouteValues["id"]!);

    private static Task RefuseUnknownAsync(HttpContext context) =>
        JsonAnswer.WriteAsync(context, new ApiProblem(404, "There is no such node."));

    private void Write(Utf8JsonWriter writer, NodeState node, bool withTenants = false)
    {
        writer.WriteStartObject();
        writer.WriteString("id", node.Id);
        writer.WriteString("status", node.ConditionAt(time) switch
        {
            NodeCondition.Healthy => "healthy",
            NodeCondition.Degraded => "degraded",
            _ => "down",
        });
        writer.WriteBoolean("cordoned", node.IsCordoned);
        writer.WriteBoolean("draining", node.IsDraining);
        writer.WriteString("address", node.Address);
        writer.WriteString("zone", node.Zone);
        NodeJson.WriteRoles(writer, node.Roles);
        writer.WriteString("version", node.Document?.Version ?? node.Record?.Version);
        if (node.Document is { } document)
        {
            writer.WriteNumber("protocol", ClusterProtocol.Of(document));
            writer.WriteString("started", TenantJson.Format(document.Started));
            writer.WriteString("heartbeat", TenantJson.Format(document.Heartbeat));
            // A decimal has no zero with a sign.
            writer.WriteNumber("clockSkewSeconds", Math.Round((decimal)node.ClockSkew.TotalSeconds, 1));
        }

        writer.WriteNumber("tenantsAssigned", cluster.Routes.CountOf(node.Id));
        NodeJson.WriteLoad(writer, node.Document?.Load ?? new NodeLoad());
        if (withTenants) NodeJson.WriteBusiest(writer, node.Document?.Load ?? new NodeLoad());
        writer.WriteStartArray("problems");
        foreach (var problem in node.Document?.Problems ?? []) writer.WriteStringValue(problem);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
