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
    LocalNode node, NodeSampler sampler, NodeHealth health, TenantIndex tenants, Func<ShardHostStatus> shards)
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
        var isHealthy = checks.All(check => check.Problem is null);
        return JsonAnswer.WriteAsync(context, isHealthy ? 200 : 503, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("status", isHealthy ? "healthy" : "degraded");
            writer.WriteString("version", PlatformCommand.Version);
            writer.WriteString("leader", node.Id);
            writer.WriteNumber("nodes", 1);
            writer.WriteNumber("nodesHealthy", isHealthy ? 1 : 0);
            writer.WriteNumber("tenants", tenants.Count);
            writer.WriteNumber("tenantsActive", shards().Active);
            writer.WriteStartObject("checks");
            foreach (var check in checks) writer.WriteString(check.Name, check.Problem ?? "ok");
            writer.WriteEndObject();
            writer.WriteEndObject();
        });
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
        var status = shards();
        writer.WriteStartObject();
        writer.WriteString("id", node.Id);
        writer.WriteString("status", health.Check().All(check => check.Problem is null) ? "healthy" : "degraded");
        writer.WriteString("address", node.Address);
        writer.WriteString("zone", node.Zone);
        writer.WriteStartArray("roles");
        foreach (var role in node.Roles) writer.WriteStringValue(role);
        writer.WriteEndArray();
        writer.WriteString("version", PlatformCommand.Version);
        writer.WriteString("started", TenantJson.Format(node.Started));
        writer.WriteString("heartbeat", TenantJson.Format(reading.Moment));
        writer.WriteNumber("tenantsActive", status.Active);
        writer.WriteNumber("tenantsActiveMax", status.ActiveMax);
        writer.WriteNumber("processors", Environment.ProcessorCount);
        writer.WriteNumber("cpuPercent", Math.Round(reading.CpuFraction * 100, 1));
        writer.WriteNumber("memoryBytes", reading.MemoryBytes);
        writer.WriteNumber("memoryBytesMax", reading.MemoryBytesMax);
        writer.WriteNumber("sqliteBytes", status.SqliteBytes);
        writer.WriteNumber("unshippedBytes", status.UnshippedBytes);
        writer.WriteNumber("diskBytesFree", reading.DiskBytesFree);
        writer.WriteNumber("diskBytesMax", reading.DiskBytesMax);
        writer.WriteEndObject();
    }
}
