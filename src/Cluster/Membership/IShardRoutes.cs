using Platform.Messages.Identity;

namespace Platform.Cluster.Membership;

/// <summary>Who owns which tenant, from memory. What a gateway, a node and an operator's page read.</summary>
internal interface IShardRoutes
{
    /// <summary>
    /// Told after each change, before and after: an assignment has no before, a removal no after. Must return at once.
    /// </summary>
    event Action<ShardRoute?, ShardRoute?>? Changed;

    /// <summary>Routes that there are.</summary>
    int Count { get; }

    bool TryFind(TenantId tenant, out ShardRoute route);
}
