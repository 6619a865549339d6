using Platform.Cluster.Store;
using Platform.Messages.Identity;
using Platform.TenantShard.Hosting;

namespace Platform.Cluster.Membership;

/// <summary>
/// Ownership in a cluster: a tenant is this node's while its route names the node and the node is certainly a member.
/// </summary>
internal sealed class RoutedOwnership(
    IClusterStore store, RouteMap routes, IMembership membership, ReleasedTenants released, LocalNode node)
    : IShardOwnership
{
    public bool IsServing => membership.IsServing;

    public async ValueTask<long?> FindEpochAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        if (!membership.IsServing) return null;

        // Opening is rare and dear, so it is worth a look at the store itself: the copy may be a moment old.
        var reading = store.GetAsync(ClusterKeys.Route(tenant), cancellationToken);
        var baseOfEpochs = await EpochBase.ReadAsync(store, cancellationToken);
        var entry = await reading;
        if (entry is null || RouteMap.Read(entry) is not { } route) return null;
        routes.Put(route);
        var isOurs = route.Node == node.Id && !released.Contains(tenant, route.Epoch) && membership.IsServing;
        return isOurs ? baseOfEpochs + route.Epoch : null;
    }
}
