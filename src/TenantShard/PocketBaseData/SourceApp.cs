using System.Text.Json;

namespace Platform.TenantShard.PocketBaseData;

/// <summary>All that an uploaded database says, in the current layout.</summary>
/// <param name="Collections">In the order of their creation.</param>
/// <param name="Settings">The settings as JSON; null when they cannot be read.</param>
internal sealed record SourceApp(IReadOnlyList<SourceCollection> Collections, JsonElement? Settings);
