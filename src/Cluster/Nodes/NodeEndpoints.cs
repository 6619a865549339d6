using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Cluster.Admin;
using Platform.Cluster.CommandLine;
using Platform.Cluster.Health;
using Platform.Cluster.Http;
using Platform.Cluster.Membership;
using Platform.Cluster.Tenants;
using Platform.TenantShard.Hosting;

namespace Platform.Cluster.Nodes;

/// <summary>The admin API's nodes and the health of the cluster: <c>/api/cp/nodes</c>, <c>/api/cp/health</c>.</summary>
internal sealed class NodeEndpoints(
    LocalNode node, NodeSampler sampler, NodeHealth health, NodeProblems problems, TenantIndex tenants,
    Func<ShardHostStatus> shards)
{
    public void Map(IEndpointRouteBuilder routes, AdminGuard guard)
    {
        routes.MapGet("/api/cp/health", guard.Protect(AnswerHealthAsync));
        routes.MapGet("/api/cp/nodes", guard.Protect(ListAsync));
        routes.MapGet("/api/cp/nodes/{id}", guard.Protect(GetAsync));
    }

    private Task AnswerHealthAsync(HttpContext context)
    {
        var checks = health.Check();
        var reasons = problems.Now();
        return new HealthReport
        {
            Leader = node.Id,
            Nodes = 1,
            NodesHealthy = checks.All(check => check.Problem is null) && reasons.Count == 0 ? 1 : 0,
            Tenants = tenants.Count,
            TenantsActive = shards().Active,
            Checks = checks,
            Reasons = reasons,
        }.AnswerAsync(context);
    }

    private Task ListAsync(HttpContext context) => JsonAnswer.WriteAsync(context, 200, writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("page", 1);
        writer.WriteNumber("perPage", 1);
        writer.WriteNumber("totalItems", 1);
        writer.WriteNumber("totalPages", 1);
        writer.WriteStartArray("items");
        WriteNode(writer);
        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private Task GetAsync(HttpContext context) =>
        (string?)context.Request.RouteValues["id"] == node.Id
            ? JsonAnswer.WriteAsync(context, 200, WriteNode)
            : JsonAnswer.WriteAsync(context, new ApiProblem(404, "There is no such node."));

    private void WriteNode(Utf8JsonWriter writer)
    {
        var reading = sampler.Latest;
        var isHealthy = health.Check().All(check => check.Problem is null) && problems.Now().Count == 0;
        writer.WriteStartObject();
        writer.WriteString("id", node.Id);
        writer.WriteString("status", isHealthy ? "healthy" : "degraded");
        writer.WriteString("address", node.Address);
        writer.WriteString("zone", node.Zone);
        NodeJson.WriteRoles(writer, node.Roles);
        writer.WriteString("version", PlatformCommand.Version);
        writer.WriteString("started", TenantJson.Format(node.Started));
        writer.WriteString("heartbeat", TenantJson.Format(reading.Moment));
        NodeJson.WriteLoad(writer, NodeLoad.Of(reading, shards()));
        writer.WriteEndObject();
    }
}
