using System.Text.Json;
using System.Text.Json.Nodes;

namespace Platform.TenantShard.PocketBaseData.Legacy;

/// <summary>Settings of before 0.23: two members had other names, and what is the collections' now is left out.</summary>
internal static class LegacySettings
{
    public static JsonElement Convert(JsonElement settings)
    {
        var root = JsonNode.Parse(settings.GetRawText())!.AsObject();
        Rename(root["meta"] as JsonObject, "appUrl", "appURL");
        Rename(root["logs"] as JsonObject, "logIp", "logIP");
        return JsonSerializer.SerializeToElement(root);
    }

    private static void Rename(JsonObject? section, string before, string now)
    {
        if (section is null || !section.TryGetPropertyValue(before, out var value)) return;
        section.Remove(before);
        section[now] = value;
    }
}
