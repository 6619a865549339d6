using Microsoft.AspNetCore.Http;
using Platform.Cluster.CommandLine;
using Platform.Cluster.Http;

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

    private bool IsHealthy => Checks.All(check => check.Problem is null) && NodesHealthy == Nodes && Leader is not null;

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
        writer.WriteEndObject();
    });
}
