using System.Text.Json;
using Platform.Cluster.Membership;

namespace Platform.Cluster.Nodes;

/// <summary>What all modes say of a node in the same words.</summary>
internal static class NodeJson
{
    public static void WriteRoles(Utf8JsonWriter writer, IReadOnlyList<string> roles)
    {
        writer.WriteStartArray("roles");
        foreach (var role in roles) writer.WriteStringValue(role);
        writer.WriteEndArray();
    }

    public static void WriteBusiest(Utf8JsonWriter writer, NodeLoad load)
    {
        writer.WriteStartArray("busiest");
        foreach (var tenant in load.Busiest)
        {
            writer.WriteStartObject();
            writer.WriteString("tenant", tenant.Tenant);
            writer.WriteNumber("cpuPercent", Math.Round(tenant.Cpu * 100, 1));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    public static void WriteLoad(Utf8JsonWriter writer, NodeLoad load)
    {
        writer.WriteNumber("tenantsActive", load.TenantsActive);
        writer.WriteNumber("tenantsActiveMax", load.TenantsActiveMax);
        writer.WriteNumber("processors", load.Processors);
        writer.WriteNumber("cpuPercent", Math.Round(load.CpuFraction * 100, 1));
        writer.WriteNumber("memoryBytes", load.MemoryBytes);
        writer.WriteNumber("memoryBytesMax", load.MemoryBytesMax);
        writer.WriteNumber("sqliteBytes", load.SqliteBytes);
        writer.WriteNumber("unshippedBytes", load.UnshippedBytes);
        writer.WriteNumber("diskBytesFree", load.DiskBytesFree);
        writer.WriteNumber("diskBytesMax", load.DiskBytesMax);
    }
}
