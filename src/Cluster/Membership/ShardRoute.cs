using Platform.Messages.Identity;

namespace Platform.Cluster.Membership;

/// <summary>Who owns a tenant.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Node">The owner's id.</param>
/// <param name="Epoch">The store revision of the route: grows with every change of ownership.</param>
/// <param name="Document">The rest.</param>
internal sealed record ShardRoute(TenantId Tenant, string Node, long Epoch, ShardRouteDocument Document);
