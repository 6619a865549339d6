using System.Text.Json.Serialization;

namespace Platform.Cluster.Membership;

/// <summary>The documents of membership as JSON in the cluster store.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(NodeDocument))]
[JsonSerializable(typeof(NodeRecord))]
[JsonSerializable(typeof(NodeCordon))]
[JsonSerializable(typeof(ShardRouteDocument))]
internal sealed partial class MembershipJson : JsonSerializerContext;
