using Microsoft.Extensions.Logging;
using Platform.Cluster.Store;

namespace Platform.Cluster.Membership;

/// <summary>Feeds a copy from the store: all entries once, then every change.</summary>
/// <param name="store">Where the entries are.</param>
/// <param name="prefix">What their keys begin with.</param>
/// <param name="name">What operators call them: <c>the tenant registry</c>.</param>
/// <param name="copy">Called by one task at a time.</param>
/// <param name="time">For the pause between attempts.</param>
/// <param name="logger">Told of failures.</param>
internal sealed partial class PrefixWatch(
    IClusterStore store, string prefix, string name, IPrefixCopy copy, TimeProvider time, ILogger<PrefixWatch> logger)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    private long _next;
    private volatile string? _problem;

    /// <summary>Why the copy may be old; null when it is exact.</summary>
    public string? Problem => _problem;

    /// <summary>Copies everything.</summary>
    /// <exception cref="ClusterStoreException">The store does not answer.</exception>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var kept = new HashSet<string>(StringComparer.Ordinal);
        var firstRevision = await store.ReadAllAsync(
            prefix,
            entry =>
            {
                copy.Put(entry);
                kept.Add(entry.Key);
            },
            cancellationToken);
        copy.RetainOnly(kept, firstRevision);
        copy.Settle();
        _next = firstRevision + 1;
    }

    /// <summary>Follows changes until it is stopped; copies anew when the store has forgotten some.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                try
                {
                    await FollowAsync(stopping);
                }
                catch (ClusterStoreException failure)
                {
                    _problem = $"the copy of {name} may be old: the cluster store does not answer";
                    LogWatchFailed(name, failure.Message);
                    await Task.Delay(RetryDelay, time, stopping);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private async Task FollowAsync(CancellationToken stopping)
    {
        try
        {
            // Also proves that the store answers, so that the problem is over.
            if (_problem is not null) await store.ListAsync(prefix, null, 1, stopping);
            _problem = null;
            await foreach (var changes in store.WatchAsync(prefix, _next, stopping))
            {
                foreach (var change in changes.Changes)
                {
                    if (change.Entry is { } entry) copy.Put(entry);
                    else copy.Remove(change.Key, changes.Revision);
                }

                copy.Settle();
                _next = changes.Revision + 1;
            }
        }
        catch (StoreCompactedException)
        {
            await LoadAsync(stopping);
        }
    }

    [LoggerMessage(3110, LogLevel.Warning, "Changes of {Copied} cannot be followed; trying again: {Reason}")]
    private partial void LogWatchFailed(string copied, string reason);
}
