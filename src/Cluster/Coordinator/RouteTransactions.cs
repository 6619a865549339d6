using System.Text.Json;
using Platform.Cluster.Coordinator.Placement;
using Platform.Cluster.Membership;
using Platform.Cluster.Store;
using Platform.Messages.Identity;

namespace Platform.Cluster.Coordinator;

/// <summary>
/// The only writer of routes. Each transaction compares the coordinator's epoch and the revision of each route that it
/// changes.
/// </summary>
internal sealed class RouteTransactions(IClusterStore store, RouteMap routes, TimeProvider time)
{
    /// <summary>Routes in one transaction; with the guards it stays below the store's limit.</summary>
    public const int RoutesMax = 100;

    /// <summary>Tries of a batch: each one after the first follows a change by somebody else.</summary>
    private const int TriesMax = 8;

    private const int ReadsAtOnce = 16;

    /// <summary>Writes one route; null when it was changed since <paramref name="presentEpoch"/> (0: none).</summary>
    /// <exception cref="CoordinatorReplacedException">Another coordinator is in office.</exception>
    public async Task<ShardRoute?> TryWriteAsync(
        CoordinatorTerm term, TenantId tenant, long presentEpoch, ShardRouteDocument document,
        CancellationToken cancellationToken)
    {
        var from = routes.TryFind(tenant, out var present) ? present.Node : null;
        document = document with { Coordinator = term.Epoch, From = from, Since = time.GetUtcNow() };
        var commit = await store.CommitAsync(
            new StoreTransaction
            {
                Compares = [term.Guard, StoreCompare.Unchanged(ClusterKeys.Route(tenant), presentEpoch)],
                Operations = [Put(tenant, document)],
            },
            cancellationToken);
        if (commit.Succeeded)
        {
            var route = new ShardRoute(tenant, document.Node, commit.Revision, document);
            routes.Put(route);
            return route;
        }

        await RequireOfficeAsync(term, cancellationToken);
        return null;
    }

    /// <summary>
    /// Writes the routes of a node that is lost, in as few transactions as they fit. A node that is back by then keeps
    /// what was not written yet.
    /// </summary>
    /// <returns>How many routes were written.</returns>
    /// <exception cref="CoordinatorReplacedException">Another coordinator is in office.</exception>
    public async Task<int> ReassignAsync(
        CoordinatorTerm term, string lost, IReadOnlyList<PlannedMove> moves, CancellationToken cancellationToken)
    {
        var written = 0;
        foreach (var batch in moves.Chunk(RoutesMax)) written += await ReassignBatchAsync(term, lost, batch, cancellationToken);
        return written;
    }

    private async Task<int> ReassignBatchAsync(
        CoordinatorTerm term, string lost, IReadOnlyList<PlannedMove> batch, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < TriesMax; attempt++)
        {
            var present = batch.Where(move => routes.TryFind(move.Tenant, out var route) && route.Node == lost).ToList();
            if (present.Count == 0) return 0;
            var epochs = present.ToDictionary(move => move.Tenant, move => EpochOf(move.Tenant));
            var documents = present.ToDictionary(move => move.Tenant, move => new ShardRouteDocument
            {
                Node = move.To,
                From = lost,
                Coordinator = term.Epoch,
                Activate = move.IsActive,
                Reason = "lost",
                Since = time.GetUtcNow(),
            });
            var commit = await store.CommitAsync(
                new StoreTransaction
                {
                    Compares =
                    [
                        term.Guard,
                        StoreCompare.Absent(ClusterKeys.Node(lost)),
                        .. present.Select(move => StoreCompare.Unchanged(ClusterKeys.Route(move.Tenant), epochs[move.Tenant])),
                    ],
                    Operations = [.. present.Select(move => Put(move.Tenant, documents[move.Tenant]))],
                },
                cancellationToken);
            if (commit.Succeeded)
            {
                foreach (var (tenant, document) in documents)
                    routes.Put(new ShardRoute(tenant, document.Node, commit.Revision, document));
                return present.Count;
            }

            await RequireOfficeAsync(term, cancellationToken);
            if (await store.GetAsync(ClusterKeys.Node(lost), cancellationToken) is not null) return 0;

            // The watch tells of a change sooner than many reads do.
            if (epochs.All(known => EpochOf(known.Key) == known.Value)) await ReadAgainAsync(present, cancellationToken);
        }

        return 0;
    }

    private long EpochOf(TenantId tenant) => routes.TryFind(tenant, out var route) ? route.Epoch : 0;

    /// <summary>The copy is a moment old: take what the store has.</summary>
    private Task ReadAgainAsync(IReadOnlyList<PlannedMove> moves, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            moves,
            new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancellationToken },
            async (move, token) =>
            {
                var key = ClusterKeys.Route(move.Tenant);
                var page = await store.ListAsync(key, null, 1, token);
                if (page.Entries.Count == 1 && page.Entries[0].Key == key) routes.Put(page.Entries[0]);
                else routes.Remove(key, page.Revision);
            });

    private async Task RequireOfficeAsync(CoordinatorTerm term, CancellationToken cancellationToken)
    {
        var office = await store.GetAsync(ClusterKeys.Coordinator, cancellationToken);
        if (office?.CreateRevision != term.Epoch) throw new CoordinatorReplacedException(term.Epoch);
    }

    private static StoreOperation Put(TenantId tenant, ShardRouteDocument document) => StoreOperation.Put(
        ClusterKeys.Route(tenant),
        JsonSerializer.SerializeToUtf8Bytes(document, MembershipJson.Default.ShardRouteDocument));
}
