using System.Text.Json;

namespace Platform.TenantShard.Collections.Json;

/// <summary>JSON that lives as long as a schema snapshot, without pooled memory.</summary>
internal static class StoredJson
{
    public static JsonElement EmptyObject { get; } = Parse("{}"u8);

    public static JsonElement Parse(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8);
        return JsonElement.ParseValue(ref reader);
    }
}
