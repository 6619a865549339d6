using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using Platform.Cluster.Scheduling;
using Platform.Cluster.Store;
using Platform.Messages.Identity;
using Platform.Messages.Tenants;
using Platform.Replication.ObjectStore;

namespace Platform.Cluster.Tenants;

/// <summary>
/// Makes tenants whose data is stored before anybody opens them: imports and copies. The id is reserved by a deleted
/// tenant; then the data is stored; then the deletion is taken back. When storing fails nothing is left but a note, which
/// keeps the id from everybody but the same request sent again: a write that timed out may still arrive. Only a process
/// that dies in between leaves the deleted tenant.
/// </summary>
internal sealed partial class TenantReservations(
    IClusterStore store, IObjectStore objects, TenantRegistry registry, TenantIndex index, TimeProvider time,
    ILogger<TenantReservations> logger)
{
    private const int NotesPerLook = 100;

    private static readonly TimeSpan LookInterval = TimeSpan.FromMinutes(5);

    /// <summary>Longer than any request to object storage is under way.</summary>
    private static readonly TimeSpan LateFor = TimeSpan.FromMinutes(10);

    /// <summary>Reserves the draft's id, has its data stored, and opens it.</summary>
    /// <param name="draft">The tenant.</param>
    /// <param name="fill">Stores its data; whatever it throws comes back when what it had stored is gone.</param>
    /// <param name="cancellationToken">Gives up before the first write.</param>
    /// <exception cref="ObjectStoreException">What an earlier failure left could not be removed.</exception>
    public async Task<RegistryAnswer> FillAsync(
        TenantDraft draft, Func<Task> fill, CancellationToken cancellationToken)
    {
        draft = draft with { Status = TenantStatus.Deleted };
        var answer = await registry.CreateAsync(draft, cancellationToken);
        if (answer.Tenant is null && draft.Id is { } id && await TryReclaimAsync(id, cancellationToken))
            answer = await registry.CreateAsync(draft, cancellationToken);
        if (answer.Tenant is not { } reserved) return answer;
        try
        {
            await fill();
        }
        catch
        {
            await AbandonAsync(reserved);
            throw;
        }

        return await registry.OpenAsync(reserved, CancellationToken.None);
    }

    /// <summary>True for a deleted tenant that is only the reservation of an import or a copy.</summary>
    public static bool IsReservation(TenantDescriptor tenant) =>
        tenant.Status == TenantStatus.Deleted && tenant.Created == tenant.Updated;

    /// <summary>Frees ids whose failure is long enough ago, until it is stopped.</summary>
    public Task RunAsync(CancellationToken stopping) =>
        PeriodicLoop.RunFromNowAsync(time, LookInterval, LookAsync, stopping);

    /// <summary>One look at what is noted.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            var noted = await store.ListAsync(TenantKeys.Unfinished, null, NotesPerLook, cancellationToken);
            foreach (var note in noted.Entries)
            {
                var id = TenantId.Parse(note.Key[TenantKeys.Unfinished.Length..]);
                if (time.GetUtcNow() - TimeOf(note) >= LateFor) await TryReclaimAsync(id, cancellationToken);
            }
        }
        catch (Exception failure) when (failure is ObjectStoreException or ClusterStoreException)
        {
            LogPutOff(failure);
        }
    }

    private static DateTimeOffset TimeOf(StoreEntry note) => DateTimeOffset.FromUnixTimeMilliseconds(
        long.Parse(Encoding.ASCII.GetString(note.Value.Span), CultureInfo.InvariantCulture));

    /// <summary>Removes what a failure left, and its note; false when there is none, or somebody else is at it.</summary>
    private async Task<bool> TryReclaimAsync(TenantId id, CancellationToken cancellationToken)
    {
        var key = TenantKeys.UnfinishedOf(id);
        if (await store.GetAsync(key, cancellationToken) is not { } note) return false;

        // Written anew, so that whoever else is deleting sees that it is not his any more.
        var taken = await store.CommitAsync(
            new StoreTransaction
            {
                Compares = [StoreCompare.Unchanged(key, note.ModRevision)],
                Operations = [StoreOperation.Put(key, note.Value)],
            },
            cancellationToken);
        if (!taken.Succeeded) return false;
        await DeleteAsync(id, taken.Revision, cancellationToken);
        var freed = await store.CommitAsync(
            new StoreTransaction
            {
                Compares = [StoreCompare.Unchanged(key, taken.Revision)],
                Operations = [StoreOperation.Delete(key)],
            },
            cancellationToken);
        return freed.Succeeded;
    }

    /// <summary>Takes the reservation out of the registry, then deletes what it has stored.</summary>
    private async Task AbandonAsync(TenantDescriptor reserved)
    {
        try
        {
            if (await RemoveAsync(reserved) is not { } revision) return;
            index.Remove(reserved.Id, revision);
            await DeleteAsync(reserved.Id, revision, CancellationToken.None);
            LogAbandoned(reserved.Id.Value);
        }
        catch (Exception failure) when (failure is ObjectStoreException or ClusterStoreException)
        {
            LogLeft(reserved.Id.Value, failure);
        }
    }

    /// <summary>The revision of the note; null when the id is not this reservation's any more.</summary>
    private async Task<long?> RemoveAsync(TenantDescriptor reserved)
    {
        if (await store.GetAsync(TenantKeys.Of(reserved.Id), CancellationToken.None) is not { } entry) return null;
        var present = TenantJson.Read(entry.Value);
        if (!IsReservation(present) || present.Created != reserved.Created) return null;
        var now = time.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        var commit = await store.CommitAsync(
            new StoreTransaction
            {
                Compares = [StoreCompare.Unchanged(entry.Key, entry.ModRevision)],
                Operations =
                [
                    StoreOperation.Delete(entry.Key),
                    StoreOperation.Put(TenantKeys.UnfinishedOf(reserved.Id), Encoding.ASCII.GetBytes(now)),

                    // Removes the copy of the descriptor.
                    StoreOperation.Put(TenantKeys.UncopiedOf(reserved.Id), default),
                ],
            },
            CancellationToken.None);
        return commit.Succeeded ? commit.Revision : null;
    }

    private Task<long> DeleteAsync(TenantId id, long noted, CancellationToken cancellationToken) =>
        TenantObjects.DeleteAsync(
            objects, id,
            async () => await store.GetAsync(TenantKeys.UnfinishedOf(id), cancellationToken) is { } note
                && note.ModRevision == noted,
            cancellationToken);

    [LoggerMessage(3056, LogLevel.Information,
        "Storing the data of the new tenant {TenantId} failed; what was stored is deleted")]
    private partial void LogAbandoned(string tenantId);

    [LoggerMessage(3057, LogLevel.Warning,
        "What the failed import or copy into {TenantId} has stored could not be deleted; that is tried again")]
    private partial void LogLeft(string tenantId, Exception failure);

    [LoggerMessage(3058, LogLevel.Warning, "Deleting what failed imports and copies left is put off")]
    private partial void LogPutOff(Exception failure);
}
