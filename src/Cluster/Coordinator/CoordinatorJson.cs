using System.Text.Json.Serialization;

namespace Platform.Cluster.Coordinator;

/// <summary>The coordinator's documents as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CoordinatorDocument))]
[JsonSerializable(typeof(AssignRequest))]
[JsonSerializable(typeof(AssignAnswer))]
internal sealed partial class CoordinatorJson : JsonSerializerContext;
