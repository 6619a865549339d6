using System.Text.Json;
using Platform.Cluster.Membership;
using Platform.Cluster.Modes;

namespace Platform.Cluster.Nodes;

/// <summary>The members in the words that operators know from Akka.Management.</summary>
internal sealed class ClusterMembers(ClusterParts cluster)
{
    public void Write(Utf8JsonWriter writer)
    {
        var nodes = cluster.Nodes.Nodes.Values.Where(node => node.Address.Length > 0).ToList();
        writer.WriteStartObject();
        writer.WriteString("selfNode", cluster.Local.Address);
        writer.WriteString("leader", cluster.Office.Current?.Address);
        writer.WriteString("oldest", nodes.Where(node => node.Document is not null)
            .OrderBy(node => node.Document!.Started).FirstOrDefault()?.Address);
        writer.WriteStartArray("unreachable");
        foreach (var node in nodes.Where(node => node.Document is null))
        {
            writer.WriteStartObject();
            writer.WriteString("node", node.Address);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("members");
        foreach (var node in nodes) Write(writer, node);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, NodeState node)
    {
        writer.WriteStartObject();
        writer.WriteString("node", node.Address);
        writer.WriteString("nodeUid", node.Id);
        writer.WriteString("status", node.Document is null ? "Down" : "Up");
        NodeJson.WriteRoles(writer, node.Roles);
        writer.WriteEndObject();
    }
}
