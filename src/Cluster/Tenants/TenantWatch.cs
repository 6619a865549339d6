using Microsoft.Extensions.Logging;
using Platform.Cluster.Store;
using Platform.Messages.Identity;

namespace Platform.Cluster.Tenants;

/// <summary>Feeds <see cref="TenantIndex"/> from the store: all entries once, then every change.</summary>
internal sealed partial class TenantWatch(
    IClusterStore store, TenantIndex index, TimeProvider time, ILogger<TenantWatch> logger)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private long _next;
    private volatile string? _problem;

    /// <summary>Why the copy may be old; null when it is exact. For readiness.</summary>
    public string? Problem => _problem;

    /// <summary>Copies everything.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var kept = new HashSet<string>(StringComparer.Ordinal);
        string? last = null;
        var firstRevision = 0L;
        while (true)
        {
            var page = await store.ListAsync(TenantKeys.Tenants, last, StoreLimits.PageSizeMax, cancellationToken);
            if (firstRevision == 0) firstRevision = page.Revision;
            foreach (var entry in page.Entries)
            {
                Apply(entry);
                kept.Add(entry.Key[TenantKeys.Tenants.Length..]);
            }

            if (!page.HasMore) break;
            last = page.Entries[^1].Key;
        }

        index.RemoveOthers(kept, firstRevision);
        _next = firstRevision + 1;
    }

    /// <summary>
    /// Follows changes until it is stopped; copies everything anew when the store has forgotten some.
    /// </summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (ClusterStoreException failure)
            {
                _problem = "the copy of the tenant registry may be old: the cluster store does not answer";
                LogWatchFailed(failure);
                if (!await WaitAsync(stopping)) return;
            }
        }
    }

    private async Task FollowAsync(CancellationToken stopping)
    {
        try
        {
            _problem = null;
            await foreach (var changes in store.WatchAsync(TenantKeys.Tenants, _next, stopping))
            {
                foreach (var change in changes.Changes)
                {
                    if (change.Entry is { } entry) Apply(entry);
                    else index.Remove(TenantId.Parse(change.Key[TenantKeys.Tenants.Length..]), changes.Revision);
                }

                _next = changes.Revision + 1;
            }
        }
        catch (StoreCompactedException)
        {
            await LoadAsync(stopping);
        }
    }

    private void Apply(StoreEntry entry) =>
        index.Apply(new TenantRecord(TenantJson.Read(entry.Value), entry.ModRevision));

    private async Task<bool> WaitAsync(CancellationToken stopping)
    {
        try
        {
            await Task.Delay(RetryDelay, time, stopping);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(3031, LogLevel.Warning, "Changes of the tenant registry cannot be followed; trying again")]
    private partial void LogWatchFailed(Exception failure);
}
