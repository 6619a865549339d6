using System.Text.Json;

namespace Platform.TenantShard.Tests.Realtime;

/// <summary>One server-sent event.</summary>
internal sealed record StreamEvent(string Id, string Name, JsonElement Data)
{
    public string Action => Data.GetProperty("action").GetString()!;

    public JsonElement Record => Data.GetProperty("record");
}
