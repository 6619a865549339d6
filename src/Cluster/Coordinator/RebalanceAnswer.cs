using System.Text.Json;
using Platform.Cluster.Coordinator.Placement;

namespace Platform.Cluster.Coordinator;

/// <summary>What a rebalancing did, or would do.</summary>
/// <param name="IsDryRun">Nothing was begun.</param>
/// <param name="Room">How many moves could begin.</param>
/// <param name="Moves">The moves.</param>
/// <param name="Nodes">The nodes as they were before.</param>
internal sealed record RebalanceAnswer(
    bool IsDryRun, int Room, IReadOnlyList<PlannedMove> Moves, IReadOnlyList<RebalanceNode> Nodes)
{
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("dryRun", IsDryRun);
        writer.WriteNumber("room", Room);
        writer.WriteStartArray("moves");
        foreach (var move in Moves)
        {
            writer.WriteStartObject();
            writer.WriteString("tenant", move.Tenant.Value);
            writer.WriteString("from", move.From);
            writer.WriteString("to", move.To);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("nodes");
        foreach (var node in Nodes)
        {
            writer.WriteStartObject();
            writer.WriteString("id", node.Id);
            writer.WriteNumber("loadPercent", Math.Round(node.Load * 100, 1));
            writer.WriteNumber("tenantsActive", node.TenantsActive);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
