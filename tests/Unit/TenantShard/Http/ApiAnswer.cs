using System.Text.Json;

namespace Platform.TenantShard.Tests.Http;

/// <summary>What the API answered.</summary>
internal sealed record ApiAnswer(int Status, string Body, string Headers)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement.Clone();

    public string Text(string member) => Json.GetProperty(member).GetString()!;
}
