using Microsoft.Extensions.Logging;
using Platform.Cluster.Scheduling;
using Platform.Cluster.Store;
using Platform.Messages.Identity;
using Platform.Replication.ObjectStore;

namespace Platform.Cluster.Tenants;

/// <summary>
/// Keeps each descriptor's copy in object storage (<c>tenants/{id}/metadata.json</c>), from which the registry can be
/// rebuilt. A mark in the store says which copies may be old; it is written with the change, so none is forgotten.
/// </summary>
internal sealed partial class TenantCopies(
    IClusterStore store, IObjectStore objects, TimeProvider time, ILogger<TenantCopies> logger)
{
    /// <summary>How often copies that failed are tried again.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Copies of one tenant are written one after the other, so that an older one cannot overwrite a newer.
    /// </summary>
    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>Stores the tenant's present entry and takes the mark away.</summary>
    /// <exception cref="ObjectStoreException">Object storage refused; the mark stays, and the copy is tried
    /// again.</exception>
    public async Task WriteAsync(TenantId id, CancellationToken cancellationToken)
    {
        var turn = _turns[(uint)id.Value.GetHashCode(StringComparison.Ordinal) % _turns.Length];
        await turn.WaitAsync(cancellationToken);
        try
        {
            var mark = await store.GetAsync(TenantKeys.UncopiedOf(id), cancellationToken);
            if (mark is null) return;
            if (await store.GetAsync(TenantKeys.Of(id), cancellationToken) is { } entry)
                await objects.PutAsync(TenantKeys.ObjectOf(id), entry.Value, cancellationToken);
            else
                await objects.DeleteAsync([TenantKeys.ObjectOf(id)], cancellationToken);

            // A change that came meanwhile has renewed the mark, which then stays.
            await store.CommitAsync(
                new StoreTransaction
                {
                    Compares = [StoreCompare.Unchanged(mark.Key, mark.ModRevision)],
                    Operations = [StoreOperation.Delete(mark.Key)],
                },
                cancellationToken);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Writes copies that a crash or an outage left undone, until it is stopped.</summary>
    public Task RunAsync(CancellationToken stopping) =>
        PeriodicLoop.RunFromNowAsync(time, RetryInterval, WriteMarkedAsync, stopping);

    private async Task WriteMarkedAsync(CancellationToken stopping)
    {
        try
        {
            string? last = null;
            while (true)
            {
                var page = await store.ListAsync(TenantKeys.Uncopied, last, 100, stopping);
                foreach (var mark in page.Entries)
                    await WriteAsync(TenantId.Parse(mark.Key[TenantKeys.Uncopied.Length..]), stopping);
                if (!page.HasMore) return;
                last = page.Entries[^1].Key;
            }
        }
        catch (Exception failure) when (failure is ObjectStoreException or ClusterStoreException)
        {
            LogCopiesNotWritten(failure);
        }
    }

    [LoggerMessage(3030, LogLevel.Warning, "Copies of tenant descriptors could not be stored; they are tried again")]
    private partial void LogCopiesNotWritten(Exception failure);
}
