using Platform.Cluster.Coordinator;
using Platform.Cluster.Coordinator.Placement;
using Platform.Cluster.Membership;
using Platform.Cluster.Tenants;
using Platform.Gateway.Owners;
using Platform.Messages.Identity;

namespace Platform.Cluster.Internal;

/// <summary>
/// Who does what operators ask with a tenant's data: the owner of a tenant that is in use, and any node, the least
/// loaded one, for a tenant that is deleted or not made yet.
/// </summary>
internal sealed class OperationOwners(TenantIndex tenants, NodeTable nodes, PlacementView view, ITenantOwners owners)
    : ITenantOwners
{
    /// <summary>Nobody can own the tenant, so the number says nothing; above the 0 of "no epoch is known".</summary>
    private const long NoEpoch = 1;

    public bool IsAlive(NodeAddress node) => owners.IsAlive(node);

    public TenantOwner? Find(TenantId tenant) => tenants.Find(tenant) is null ? Any() : owners.Find(tenant);

    public Task<TenantOwner> PlaceAsync(TenantId tenant, long knownEpoch, CancellationToken cancellationToken) =>
        tenants.Find(tenant) is null
            ? Task.FromResult(Any() ?? throw new OwnerUnavailableException("No node can do this at the moment."))
            : owners.PlaceAsync(tenant, knownEpoch, cancellationToken);

    /// <summary>Nodes that can do it come and go without a route that would say so.</summary>
    public Task WhenMovedAsync(TenantId tenant, long knownEpoch, CancellationToken cancellationToken) =>
        tenants.Find(tenant) is null
            ? new TaskCompletionSource().Task.WaitAsync(cancellationToken)
            : owners.WhenMovedAsync(tenant, knownEpoch, cancellationToken);

    /// <summary>As <see cref="TenantOperation"/>.</summary>
    public string OperationOn(TenantId tenant) => tenants.Get(tenant) is null
        ? TenantOperation.Anywhere
        : tenants.Find(tenant) is null ? TenantOperation.WhereKnown : TenantOperation.ByOwner;

    private TenantOwner? Any()
    {
        var board = view.Take();
        var choice = PlacementPolicy.Choose(board, PlacementWish.None);
        return choice >= 0 && nodes.Find(board[choice].Id)?.Target is { } node
            ? new TenantOwner(node, NoEpoch)
            : null;
    }
}
