using Platform.Cluster.Coordinator.Placement;
using Platform.Cluster.Internal;
using Platform.Cluster.Membership;
using Platform.Cluster.Store;
using Platform.Cluster.Tenants;
using Platform.Messages.Identity;

namespace Platform.Cluster.Coordinator;

/// <summary>Gives a tenant an owner when somebody asks for it. Many may ask at once: one decision holds for all.</summary>
internal sealed class TenantAssignments(
    IClusterStore store, RouteMap routes, NodeTable nodes, TenantIndex tenants, PlacementView view,
    RouteTransactions transactions, TimeProvider time)
{
    private const int TriesMax = 5;

    /// <summary>
    /// The coordinator is about to place all tenants of a lost node at once; one by one they would be in its way.
    /// </summary>
    private static readonly TimeSpan BatchPatience = TimeSpan.FromMilliseconds(500);

    private readonly RouteWaits _waits = new(routes);

    /// <summary>The owner; null when no node may take the tenant now.</summary>
    /// <exception cref="CoordinatorReplacedException">Another coordinator is in office.</exception>
    /// <exception cref="ClusterStoreException">The store does not answer.</exception>
    public async Task<AssignAnswer?> AssignAsync(
        CoordinatorTerm term, TenantId tenant, long knownEpoch, CancellationToken cancellationToken)
    {
        if (tenants.Find(tenant) is null) return null;
        for (var attempt = 0; attempt < TriesMax; attempt++)
        {
            var present = await FindAsync(tenant, knownEpoch, refresh: attempt > 0, cancellationToken);
            if (present is not null && nodes.Find(present.Node)?.Document is { } owner) return Answer(present, owner);
            var board = view.Take();
            var choice = PlacementPolicy.Choose(board, view.WishOf(tenant), except: present?.Node);
            if (choice < 0) return null;
            if (present is not null && attempt == 0 && await IsPlacedAsync(present, cancellationToken)) continue;
            var document = new ShardRouteDocument { Node = board[choice].Id, Reason = "assigned" };
            if (await transactions.TryWriteAsync(term, tenant, present?.Epoch ?? 0, document, cancellationToken)
                is not { } route) continue;
            view.Decided(route.Node, 1);
            if (nodes.Find(route.Node)?.Document is { } chosen) return Answer(route, chosen);
        }

        return null;
    }

    /// <summary>
    /// The route from memory, or from the store when memory is in doubt: it lost a race, or a node denied it.
    /// </summary>
    private async Task<ShardRoute?> FindAsync(
        TenantId tenant, long knownEpoch, bool refresh, CancellationToken cancellationToken)
    {
        if (!refresh && routes.TryFind(tenant, out var known) && known.Epoch > knownEpoch) return known;
        if (await store.GetAsync(ClusterKeys.Route(tenant), cancellationToken) is { } entry) routes.Put(entry);
        return routes.TryFind(tenant, out var read) ? read : null;
    }

    /// <summary>Waits a moment for another owner than one that is lost; true: there is one.</summary>
    private async Task<bool> IsPlacedAsync(ShardRoute lost, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(BatchPatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            await _waits.WhenAsync(
                lost.Tenant, () => !routes.TryFind(lost.Tenant, out var now) || now.Node != lost.Node, either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private static AssignAnswer Answer(ShardRoute route, NodeDocument owner) =>
        new() { Node = route.Node, Address = owner.Address, Epoch = route.Epoch };
}
