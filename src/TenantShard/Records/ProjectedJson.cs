using System.Text.Json;
using Platform.TenantShard.Projection;

namespace Platform.TenantShard.Records;

/// <summary>Copies a JSON value with the members only that the <c>fields</c> parameter asks for.</summary>
internal static class ProjectedJson
{
    /// <param name="json">One valid JSON value.</param>
    /// <param name="projection">What is shown of it; null = all.</param>
    /// <param name="writer">Where the value goes.</param>
    public static void Copy(ReadOnlySpan<byte> json, FieldProjection? projection, Utf8JsonWriter writer)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        CopyValue(json, ref reader, projection, writer);
    }

    private static void CopyValue(
        ReadOnlySpan<byte> json, ref Utf8JsonReader reader, FieldProjection? projection, Utf8JsonWriter writer)
    {
        if (projection is null || reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            CopyWhole(json, ref reader, writer);
        }
        else if (reader.TokenType == JsonTokenType.StartArray)
        {
            // A projection of a list is one of each of its items.
            writer.WriteStartArray();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                CopyValue(json, ref reader, projection, writer);
            writer.WriteEndArray();
        }
        else
        {
            CopyMembers(json, ref reader, projection, writer);
        }
    }

    private static void CopyMembers(
        ReadOnlySpan<byte> json, ref Utf8JsonReader reader, FieldProjection projection, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (!projection.Includes(name))
            {
                reader.Skip();
                continue;
            }

            writer.WritePropertyName(name);
            if (reader.TokenType == JsonTokenType.String && projection.ExcerptOf(name) is { } excerpt)
                writer.WriteStringValue(excerpt.Of(reader.GetString()!));
            else
                CopyValue(json, ref reader, projection.Child(name), writer);
        }

        writer.WriteEndObject();
    }

    private static void CopyWhole(ReadOnlySpan<byte> json, ref Utf8JsonReader reader, Utf8JsonWriter writer)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        writer.WriteRawValue(json[start..(int)reader.BytesConsumed], skipInputValidation: true);
    }
}
