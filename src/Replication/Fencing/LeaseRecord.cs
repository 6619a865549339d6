using System.Text.Json.Serialization;

namespace Platform.Replication.Fencing;

/// <summary>The content of <c>lease/{epoch}.json</c>.</summary>
/// <param name="Node">The node that took the epoch.</param>
/// <param name="Time">When, by that node's clock. For people only: nothing is decided by it.</param>
internal sealed record LeaseRecord(string Node, DateTimeOffset Time);

/// <summary>Reads and writes <see cref="LeaseRecord"/> without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LeaseRecord))]
internal sealed partial class LeaseRecordJson : JsonSerializerContext;
