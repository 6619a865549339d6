using System.Text.Json;

namespace Platform.TenantShard.Collections.Json;

/// <summary>The options of a view collection: its SELECT statement.</summary>
internal static class ViewOptions
{
    public static string Query(JsonElement options) =>
        options.ValueKind == JsonValueKind.Object
        && options.TryGetProperty("viewQuery", out var query)
        && query.ValueKind == JsonValueKind.String
            ? query.GetString()!
            : "";

    public static JsonElement ToOptions(string query)
    {
        var bytes = CollectionJson.ToBytes(query, static (writer, text) =>
        {
            writer.WriteStartObject();
            writer.WriteString("viewQuery", text);
            writer.WriteEndObject();
        });
        return StoredJson.Parse(bytes);
    }
}
