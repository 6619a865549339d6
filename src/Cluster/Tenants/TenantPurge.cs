using Microsoft.Extensions.Logging;
using Platform.Cluster.Http;
using Platform.Cluster.Scheduling;
using Platform.Cluster.Store;
using Platform.Messages.Identity;
using Platform.Messages.Tenants;
using Platform.Replication.ObjectStore;

namespace Platform.Cluster.Tenants;

/// <summary>
/// Removes deleted tenants for good: when an operator asks, and when they have been deleted for long enough. One guarded
/// transaction takes the tenant out of the registry and notes what is to be done; then its objects go, the descriptor as
/// the last; then the note. A crash in between is made good by whoever looks next, and until then the id stays taken.
/// </summary>
/// <param name="store">The cluster store.</param>
/// <param name="objects">Object storage.</param>
/// <param name="index">The tenants.</param>
/// <param name="forget">Removes what this node keeps of a tenant.</param>
/// <param name="keptFor">How long deleted tenants are kept; zero for ever.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed partial class TenantPurge(
    IClusterStore store, IObjectStore objects, TenantIndex index, Func<TenantId, Task> forget, TimeSpan keptFor,
    TimeProvider time, ILogger<TenantPurge> logger)
{
    /// <summary>Each attempt loses to another writer of the same tenant, which has then made progress.</summary>
    private const int AttemptsMax = 5;

    private const int TenantsPerPage = 100;

    private static readonly TimeSpan LookInterval = TimeSpan.FromMinutes(10);

    /// <summary>Purges a deleted tenant, or finishes what was begun. Null when nothing of it is left.</summary>
    public async Task<ApiProblem?> PurgeAsync(TenantId id, CancellationToken cancellationToken)
    {
        if (await BeginAsync(id, cancellationToken) is { } problem) return problem;
        try
        {
            // Past the point of no return, so nobody's cancellation counts.
            await FinishAsync(id, CancellationToken.None);
            return null;
        }
        catch (ObjectStoreException failure)
        {
            LogLate(id.Value, failure);
            return RegistryProblems.PurgeUnfinished(id);
        }
    }

    /// <summary>Finishes what a crash or an outage left, and purges what is due, until it is stopped.</summary>
    public Task RunAsync(CancellationToken stopping) =>
        PeriodicLoop.RunFromNowAsync(time, LookInterval, LookAsync, stopping);

    /// <summary>One look at what is noted and what is due.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            var noted = await store.ListAsync(TenantKeys.Purging, null, TenantsPerPage, cancellationToken);
            foreach (var note in noted.Entries)
                await FinishAsync(TenantId.Parse(note.Key[TenantKeys.Purging.Length..]), cancellationToken);
            if (keptFor <= TimeSpan.Zero) return;
            var oldest = index.List(new TenantQuery
            {
                Status = TenantStatus.Deleted,
                Sort = TenantSort.Updated,
                PerPage = TenantsPerPage,
            });
            foreach (var tenant in oldest.Items)
            {
                // Its last change is the deletion.
                if (time.GetUtcNow() - tenant.Updated < keptFor) return;
                await PurgeAsync(tenant.Id, cancellationToken);
            }
        }
        catch (Exception failure) when (failure is ObjectStoreException or ClusterStoreException)
        {
            LogPutOff(failure);
        }
    }

    private async Task<ApiProblem?> BeginAsync(TenantId id, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            if (await store.GetAsync(TenantKeys.Of(id), cancellationToken) is not { } entry)
            {
                var isBegun = await store.GetAsync(TenantKeys.PurgingOf(id), cancellationToken) is not null;
                return isBegun ? null : RegistryProblems.Unknown(id.Value);
            }

            if (TenantJson.Read(entry.Value).Status != TenantStatus.Deleted) return RegistryProblems.IsNotDeleted(id);
            var commit = await store.CommitAsync(
                new StoreTransaction
                {
                    Compares = [StoreCompare.Unchanged(entry.Key, entry.ModRevision)],
                    Operations =
                    [
                        StoreOperation.Delete(entry.Key),
                        StoreOperation.Delete(TenantKeys.UncopiedOf(id)),
                        StoreOperation.Put(TenantKeys.PurgingOf(id), entry.Value),
                    ],
                },
                CancellationToken.None);
            if (!commit.Succeeded) continue;
            index.Remove(id, commit.Revision);
            LogBegun(id.Value);
            return null;
        }

        return RegistryProblems.ChangedMeanwhile(id);
    }

    private async Task FinishAsync(TenantId id, CancellationToken cancellationToken)
    {
        if (await store.GetAsync(TenantKeys.PurgingOf(id), cancellationToken) is not { } note) return;
        await forget(id);

        // Should the registry be lost now, the one that is rebuilt goes on here instead of bringing half a tenant back.
        await objects.PutAsync(TenantKeys.ObjectOf(id), TenantJson.MarkPurging(note.Value), cancellationToken);
        var count = 0L;
        for (var deleted = -1L; deleted != 0; count += deleted)
            deleted = await TenantObjects.DeleteAsync(objects, id, () => Task.FromResult(true), cancellationToken);
        await objects.DeleteAsync([TenantKeys.ObjectOf(id)], cancellationToken);
        await store.CommitAsync(
            new StoreTransaction
            {
                Compares = [StoreCompare.Unchanged(note.Key, note.ModRevision)],
                Operations = [StoreOperation.Delete(note.Key)],
            },
            cancellationToken);
        LogPurged(id.Value, count);
    }

    [LoggerMessage(3052, LogLevel.Information, "Tenant {TenantId} is being purged")]
    private partial void LogBegun(string tenantId);

    [LoggerMessage(3053, LogLevel.Information, "Tenant {TenantId} was purged: {Count} objects")]
    private partial void LogPurged(string tenantId, long count);

    [LoggerMessage(3054, LogLevel.Warning, "The rest of the purged tenant {TenantId} could not be deleted; it is tried again")]
    private partial void LogLate(string tenantId, Exception failure);

    [LoggerMessage(3055, LogLevel.Warning, "Purging of deleted tenants is put off")]
    private partial void LogPutOff(Exception failure);
}
