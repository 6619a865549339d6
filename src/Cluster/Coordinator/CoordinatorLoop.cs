using Microsoft.Extensions.Logging;
using Platform.Cluster.Coordinator.Placement;
using Platform.Cluster.Membership;
using Platform.Cluster.Store;

namespace Platform.Cluster.Coordinator;

/// <summary>What the coordinator does in office: tenants of lost nodes at once, drains and rebalancing in turns.</summary>
internal sealed partial class CoordinatorLoop(
    NodeTable nodes, RouteMap routes, PlacementView view, RouteTransactions transactions, MovesUnderWay moves,
    Rebalancing rebalancing, CoordinatorMetrics metrics, TimeProvider time, ILogger<CoordinatorLoop> logger)
{
    /// <summary>Should a change be missed, this is how long it costs.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan RebalanceInterval = TimeSpan.FromSeconds(30);

    /// <summary>Runs until the office ends.</summary>
    public async Task LeadAsync(CoordinatorTerm term, CancellationToken over)
    {
        var rebalanced = time.GetTimestamp();
        rebalancing.Enter(term);
        try
        {
            while (term.IsHeld)
            {
                try
                {
                    await ReassignLostAsync(term, over);
                    await DrainAsync(term, over);
                    if (time.GetElapsedTime(rebalanced) >= RebalanceInterval)
                    {
                        rebalanced = time.GetTimestamp();
                        await rebalancing.LookAsync(term);
                    }
                }
                catch (ClusterStoreException failure)
                {
                    LogFailed(failure.Message);
                }

                await nodes.Changed.WaitAsync(LookInterval, time, over);
            }
        }
        catch (CoordinatorReplacedException replaced)
        {
            LogFailed(replaced.Message);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The office is over.
        }
        finally
        {
            rebalancing.Enter(null);
            await moves.EndAsync();
        }
    }

    private async Task ReassignLostAsync(CoordinatorTerm term, CancellationToken over)
    {
        foreach (var lost in routes.Owners().Where(owner => nodes.Find(owner)?.Document is null))
        {
            var started = time.GetTimestamp();
            var active = await view.ActiveOfAsync(lost, over);
            var tenants = routes.TenantsOf(lost).Select(
                tenant => new PlacedTenant(tenant, view.WishOf(tenant), active.Contains(tenant)));
            var plan = MovePlans.Reassign(view.Take(), lost, tenants);
            if (plan.Count == 0) continue;
            var count = await transactions.ReassignAsync(term, lost, plan, over);
            foreach (var target in plan.Where(move => move.IsActive).GroupBy(move => move.To))
                view.Decided(target.Key, target.Count());
            metrics.Moved("lost", count);
            LogReassigned(lost, count, time.GetElapsedTime(started).TotalMilliseconds);
        }
    }

    private async Task DrainAsync(CoordinatorTerm term, CancellationToken over)
    {
        foreach (var node in nodes.Nodes.Values.Where(node => node is { IsDraining: true, Document: not null }))
        {
            var room = moves.Room;
            if (room == 0) return;
            var active = await view.ActiveOfAsync(node.Id, over);
            // In this order: a move that has just ended has written its route before.
            var tenants = routes.TenantsOf(node.Id)
                .Where(tenant => !moves.IsBusy(tenant) && routes.TryFind(tenant, out var route) && route.Node == node.Id)
                .Select(tenant => new PlacedTenant(tenant, view.WishOf(tenant), active.Contains(tenant)));
            foreach (var move in MovePlans.Drain(view.Take(), node.Id, tenants, room))
                _ = moves.BeginAsync(term, move, "drained");
        }
    }

    [LoggerMessage(3130, LogLevel.Warning, "Node {NodeId} is lost: {Count} tenants have new owners ({Milliseconds:0} ms)")]
    private partial void LogReassigned(string nodeId, int count, double milliseconds);

    [LoggerMessage(3131, LogLevel.Warning, "The coordinator could not decide: {Reason}")]
    private partial void LogFailed(string reason);
}
