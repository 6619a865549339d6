using System.Text;
using Microsoft.Extensions.Logging;
using Platform.Cluster.Events;
using Platform.Cluster.Membership;
using Platform.Cluster.Store;
using Platform.Cluster.Tenants;
using Platform.Messages.Identity;
using Platform.Messages.Tenants;
using Platform.Replication.ObjectStore;

namespace Platform.Cluster.Snapshots;

/// <summary>
/// Takes the control plane back to a snapshot: descriptors, cordons, and owners of tenants that have none. What was made
/// since stays; tenants that run stay where they run; notes of purges and what processes say of themselves are not
/// brought back. Every transaction compares, so that a cluster that goes on meanwhile loses nothing.
/// </summary>
internal sealed partial class SnapshotRestore(
    IClusterStore store, IObjectStore objects, ILogger<SnapshotRestore> logger)
{
    private const int Parallelism = 16;

    /// <summary>Far more than a store can have made between its newest snapshot and its loss.</summary>
    private const long RevisionsAfterMax = 1_000_000_000;

    /// <summary>Routes in one transaction: with their comparisons below the store's limit.</summary>
    private const int BatchMax = 100;

    /// <summary>True when no tenant is registered and none has an owner.</summary>
    /// <exception cref="ClusterStoreException">The store does not answer.</exception>
    public async Task<bool> IsEmptyAsync(CancellationToken cancellationToken) =>
        (await store.ListAsync(TenantKeys.Tenants, null, 1, cancellationToken)).Entries.Count == 0
        && (await store.ListAsync(ClusterKeys.Routes, null, 1, cancellationToken)).Entries.Count == 0;

    /// <exception cref="ClusterStoreException">The store does not answer; what was done stays done.</exception>
    /// <exception cref="ObjectStoreException">Object storage does not answer; as above.</exception>
    public async Task<RestoreReport> RunAsync(ClusterSnapshot snapshot, CancellationToken cancellationToken)
    {
        var (tenants, skipped) = (0, 0);
        await RaiseEpochsAsync(snapshot, cancellationToken);
        await Parallel.ForEachAsync(
            snapshot.Under(TenantKeys.Tenants),
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
            async (entry, token) =>
            {
                if (!TenantId.TryParse(entry.Key, out var id)) return;
                if (await RestoreAsync(id, entry.Value, token)) Interlocked.Increment(ref tenants);
                else Interlocked.Increment(ref skipped);
            });
        await store.CommitAsync(
            new StoreTransaction { Operations = [StoreOperation.Put(TenantKeys.Initialised, default)] }, cancellationToken);
        var cordons = await PutAbsentAsync(snapshot, ClusterKeys.CordonedNodes, cancellationToken);
        var routes = await PutAbsentAsync(snapshot, ClusterKeys.Routes, cancellationToken);
        LogRestored(snapshot.Header.Revision, tenants, skipped, routes);
        return new RestoreReport(tenants, skipped, cordons, routes);
    }

    /// <summary>
    /// What the rebuild of an empty store cannot know from descriptors: who owned what, which nodes are cordoned, and how
    /// high epochs were.
    /// </summary>
    /// <exception cref="ClusterStoreException">The store does not answer.</exception>
    public async Task BringBackAsync(ClusterSnapshot snapshot, CancellationToken cancellationToken)
    {
        await RaiseEpochsAsync(snapshot, cancellationToken);
        await PutAbsentAsync(snapshot, ClusterKeys.CordonedNodes, cancellationToken);
        await PutAbsentAsync(snapshot, ClusterKeys.Routes, cancellationToken);
    }

    /// <summary>
    /// Above every epoch that the store of the snapshot can have given, also after it; nothing to do when it is this one.
    /// </summary>
    private async Task RaiseEpochsAsync(ClusterSnapshot snapshot, CancellationToken cancellationToken)
    {
        var header = snapshot.Header;
        var present = await EpochBase.ReadAsync(store, cancellationToken);
        if (present == 0 || present != header.EpochBase)
            await EpochBase.RaiseAsync(store, header.EpochBase + header.Revision + RevisionsAfterMax, cancellationToken);
    }

    /// <summary>False: it was changed meanwhile, is being purged, or has no data any more.</summary>
    private async Task<bool> RestoreAsync(TenantId id, byte[] value, CancellationToken cancellationToken)
    {
        var present = await store.GetAsync(TenantKeys.Of(id), cancellationToken);
        if (present is not null && present.Value.Span.SequenceEqual(value)) return true;
        var before = present is null ? null : TenantJson.Read(present.Value);
        var tenant = TenantJson.Read(value);

        // A tenant that was purged has nothing in object storage, and its name may be anybody's.
        if (present is null && !await HasObjectsAsync(id, cancellationToken)) return false;
        var claims = await DomainClaims.FindAsync(store, tenant, cancellationToken);
        foreach (var domain in claims.Taken) LogDomainTaken(id.Value, domain);
        var had = before is { Status: TenantStatus.Created } ? before.Domains : [];
        var kind = before is null ? EventKinds.TenantCreated : EventKinds.TenantChanged;
        var commit = await store.CommitAsync(
            new StoreTransaction
            {
                Compares =
                [
                    StoreCompare.Unchanged(TenantKeys.Of(id), present?.ModRevision ?? 0),
                    StoreCompare.Absent(TenantKeys.PurgingOf(id)),
                    .. claims.Compares,
                ],
                Operations =
                [
                    StoreOperation.Put(TenantKeys.Of(id), TenantJson.Store(claims.ApplyTo(tenant))),
                    StoreOperation.Put(TenantKeys.UncopiedOf(id), Encoding.ASCII.GetBytes(kind)),
                    .. claims.Puts,
                    .. had.Where(domain => !claims.Contains(domain))
                        .Select(domain => StoreOperation.Delete(TenantKeys.OfDomain(domain))),
                ],
            },
            cancellationToken);
        return commit.Succeeded;
    }

    private async Task<bool> HasObjectsAsync(TenantId id, CancellationToken cancellationToken)
    {
        await foreach (var _ in objects.ListAsync(TenantKeys.FolderOf(id), null, cancellationToken)) return true;
        return false;
    }

    /// <summary>Puts the snapshot's entries under a prefix where there is nothing now; how many.</summary>
    private async Task<int> PutAbsentAsync(ClusterSnapshot snapshot, string prefix, CancellationToken cancellationToken)
    {
        var present = new HashSet<string>(StringComparer.Ordinal);
        await store.ReadAllAsync(prefix, entry => present.Add(entry.Key), cancellationToken);
        var missing = snapshot.Entries.Where(entry =>
            entry.Key.StartsWith(prefix, StringComparison.Ordinal) && !present.Contains(entry.Key));
        var count = 0;
        foreach (var batch in missing.Chunk(BatchMax))
        {
            var commit = await PutAbsentAsync(batch, cancellationToken);
            if (commit.Succeeded)
            {
                count += batch.Length;
                continue;
            }

            // Somebody was faster with one of them.
            foreach (var entry in batch)
                if ((await PutAbsentAsync([entry], cancellationToken)).Succeeded) count++;
        }

        return count;
    }

    private Task<StoreCommit> PutAbsentAsync(
        KeyValuePair<string, byte[]>[] entries, CancellationToken cancellationToken) => store.CommitAsync(
        new StoreTransaction
        {
            Compares = [.. entries.Select(entry => StoreCompare.Absent(entry.Key))],
            Operations = [.. entries.Select(entry => StoreOperation.Put(entry.Key, entry.Value))],
        },
        cancellationToken);

    [LoggerMessage(3153, LogLevel.Warning,
        "The control plane went back to revision {Revision}: {Tenants} tenants, {Skipped} left out, {Routes} owners")]
    private partial void LogRestored(long revision, int tenants, int skipped, int routes);

    [LoggerMessage(3154, LogLevel.Warning, "Tenant {TenantId} comes back without the domain {Domain}, which is somebody else's")]
    private partial void LogDomainTaken(string tenantId, string domain);
}
