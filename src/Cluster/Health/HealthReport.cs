using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Platform.Cluster.CommandLine;
using Platform.Cluster.Http;
using Platform.Cluster.Store.Etcd;

namespace Platform.Cluster.Health;

/// <summary>How the cluster is: the answer of <c>GET /api/cp/health</c> in every mode.</summary>
internal sealed record HealthReport
{
    /// <summary>The coordinator's node; null: there is none.</summary>
    public required string? Leader { get; init; }

    public required int Nodes { get; init; }

    public required int NodesHealthy { get; init; }

    public required int Tenants { get; init; }

    public required int TenantsActive { get; init; }

    /// <summary>Of the process that answers.</summary>
    public required IReadOnlyList<ReadyCheck> Checks { get; init; }

    /// <summary>What is wrong elsewhere in the cluster, in words.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    /// <summary>Of the cluster store; empty when it has none.</summary>
    public IReadOnlyList<EtcdMemberState> StoreMembers { get; init; } = [];

    private bool IsHealthy => Checks.All(check => check.Problem is null) && NodesHealthy == Nodes && Leader is not null
        && Reasons.Count == 0;

    public Task AnswerAsync(HttpContext context) => JsonAnswer.WriteAsync(context, IsHealthy ? 200 : 503, writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("status", IsHealthy ? "healthy" : "degraded");
        writer.WriteString("version", PlatformCommand.Version);
        writer.WriteString("leader", Leader);
        writer.WriteNumber("nodes", Nodes);
        writer.WriteNumber("nodesHealthy", NodesHealthy);
        writer.WriteNumber("tenants", Tenants);
        writer.WriteNumber("tenantsActive", TenantsActive);
        writer.WriteStartObject("checks");
        foreach (var check in Checks) writer.WriteString(check.Name, check.Problem ?? "ok");
        writer.WriteEndObject();
        writer.WriteStartArray("reasons");
        foreach (var check in Checks.Where(check => check.Problem is not null))
            writer.WriteStringValue($"{check.Name}: {check.Problem}");
        foreach (var reason in Reasons) writer.WriteStringValue(reason);
        writer.WriteEndArray();
        if (StoreMembers.Count > 0) WriteMembers(writer);
        writer.WriteEndObject();
    });

    private void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("storeMembers");
        foreach (var member in StoreMembers)
        {
            writer.WriteStartObject();
            writer.WriteString("endpoint", member.Endpoint);
            writer.WriteString("status", member.Problem ?? "ok");
            writer.WriteBoolean("leader", member.IsLeader);
            writer.WriteString("version", member.Version);
            writer.WriteNumber("bytes", member.Bytes);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
