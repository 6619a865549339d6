using System.Text.Json.Serialization;

namespace Platform.Cluster.Snapshots;

/// <summary>One key of a snapshot.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The value, as base64.</param>
internal sealed record SnapshotLine(
    [property: JsonPropertyName("k")] string Key, [property: JsonPropertyName("v")] byte[] Value);
