using System.Text.Json;
using System.Text.Json.Serialization;
using Platform.Cluster.Tenants;

namespace Platform.Cluster.Events;

/// <summary>Notes and events as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EventNote))]
internal sealed partial class EventJson : JsonSerializerContext
{
    public static void Write(Utf8JsonWriter writer, ClusterEvent happened)
    {
        writer.WriteStartObject();
        writer.WriteString("id", happened.Id.ToString());
        writer.WriteString("kind", happened.Kind);
        writer.WriteString("time", TenantJson.Format(happened.Time));
        if (happened.Tenant is not null) writer.WriteString("tenant", happened.Tenant);
        if (happened.Node is not null) writer.WriteString("node", happened.Node);
        if (happened.From is not null) writer.WriteString("from", happened.From);
        if (happened.Reason is not null) writer.WriteString("reason", happened.Reason);
        writer.WriteEndObject();
    }
}
