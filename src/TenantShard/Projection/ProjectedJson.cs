using System.Text.Json;

namespace Platform.TenantShard.Projection;

/// <summary>Writes what a projection shows of JSON that is there already.</summary>
internal static class ProjectedJson
{
    /// <summary>
    /// Writes the value. A projection applies to the members of an object and to each item of an array; other values
    /// are written as they are.
    /// </summary>
    public static void Write(Utf8JsonWriter writer, JsonElement value, FieldProjection? projection)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when projection is not null:
                WriteObject(writer, value, projection);
                break;
            case JsonValueKind.Array when projection is not null:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray()) Write(writer, item, projection);
                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private static void WriteObject(Utf8JsonWriter writer, JsonElement value, FieldProjection projection)
    {
        writer.WriteStartObject();
        foreach (var member in value.EnumerateObject())
        {
            if (!projection.Includes(member.Name)) continue;
            writer.WritePropertyName(member.Name);
            if (member.Value.ValueKind == JsonValueKind.String && projection.ExcerptOf(member.Name) is { } excerpt)
                writer.WriteStringValue(excerpt.Of(member.Value.GetString()!));
            else
                Write(writer, member.Value, projection.Child(member.Name));
        }

        writer.WriteEndObject();
    }
}
