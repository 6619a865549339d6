using System.Text.Json.Serialization;

namespace Platform.Cluster.Internal;

/// <summary>Bodies of internal calls.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TenantCommand))]
[JsonSerializable(typeof(TenantAnswer))]
[JsonSerializable(typeof(MigrateRequest))]
internal sealed partial class InternalJson : JsonSerializerContext;
