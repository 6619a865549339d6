using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Platform.Cluster.Scheduling;

namespace Platform.Cluster.Store.Embedded;

/// <summary>The cluster store of one process: a SQLite file. See <see cref="IClusterStore"/> for what holds.</summary>
internal sealed partial class EmbeddedStore : IClusterStore
{
    /// <summary>How often ended leases are looked for: etcd's rhythm.</summary>
    private static readonly TimeSpan LeaseCheckInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>History rows that a watch reads at once while it catches up.</summary>
    private const int CatchUpRows = 512;

    private readonly CancellationTokenSource _stopping = new();
    private readonly ILogger<EmbeddedStore> _logger;
    private readonly EmbeddedDatabase _database;
    private readonly EmbeddedQueue _queue;
    private readonly EmbeddedTransactions _transactions;
    private readonly Task _leaseLoop;

    /// <summary>Touched by the queue's thread only.</summary>
    private readonly List<EmbeddedWatcher> _watchers = [];

    private EmbeddedStore(
        string path, EmbeddedDatabase database, int historyRevisionsMax, TimeProvider time,
        ILogger<EmbeddedStore> logger)
    {
        _logger = logger;
        Description = $"file {path}";
        _database = database;
        _transactions = new EmbeddedTransactions(database, historyRevisionsMax, time);
        _queue = new EmbeddedQueue(database, PublishCommitted, _transactions.Reload);
        _leaseLoop = ExpireLeasesAsync(time, _stopping.Token);
    }

    public string Description { get; }

    /// <summary>
    /// Opens the file, which is made when it does not exist. Leases start anew with their full time. A new store begins
    /// at the present time in milliseconds: revisions are epochs of tenants' owners, and those of a store that was
    /// lost must not come back.
    /// </summary>
    /// <exception cref="ClusterStoreException">It cannot be opened.</exception>
    public static EmbeddedStore Open(
        string path, int historyRevisionsMax, TimeProvider time, ILogger<EmbeddedStore> logger) =>
        new(path, EmbeddedDatabase.Open(path, time.GetUtcNow().ToUnixTimeMilliseconds()), historyRevisionsMax, time,
            logger);

    public Task<StoreEntry?> GetAsync(string key, CancellationToken cancellationToken)
    {
        StoreLimits.CheckKey(key);
        return _queue.RunAsync(() => _database.Get(key), cancellationToken);
    }

    public Task<StorePage> ListAsync(
        string prefix, string? startAfter, int limit, CancellationToken cancellationToken)
    {
        StoreLimits.CheckPrefix(prefix);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, StoreLimits.PageSizeMax);
        var isAfter = startAfter is not null && string.CompareOrdinal(startAfter, prefix) >= 0;
        var from = isAfter ? startAfter! : prefix;
        return _queue.RunAsync(
            () =>
            {
                var entries = _database.List(from, isAfter, EndOf(prefix), limit + 1);
                var hasMore = entries.Count > limit;
                if (hasMore) entries.RemoveAt(limit);
                return new StorePage(entries, hasMore, _transactions.Revision);
            },
            cancellationToken);
    }

    public Task<StoreCommit> CommitAsync(StoreTransaction transaction, CancellationToken cancellationToken)
    {
        transaction.Validate();
        return _queue.RunAsync(() => _transactions.Commit(transaction), cancellationToken);
    }

    public Task<StoreLease> GrantLeaseAsync(TimeSpan ttl, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ttl, TimeSpan.Zero);
        var granted = TimeSpan.FromSeconds(Math.Ceiling(ttl.TotalSeconds));
        return _queue.RunAsync(() => _transactions.GrantLease(granted), cancellationToken);
    }

    public Task RenewLeaseAsync(long leaseId, CancellationToken cancellationToken) =>
        _queue.RunAsync(() => _transactions.RenewLease(leaseId), cancellationToken);

    public Task RevokeLeaseAsync(long leaseId, CancellationToken cancellationToken) =>
        _queue.RunAsync(() => _transactions.EndLease(leaseId), cancellationToken);

    public async IAsyncEnumerable<StoreChanges> WatchAsync(
        string prefix, long fromRevision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        StoreLimits.CheckPrefix(prefix);
        ArgumentOutOfRangeException.ThrowIfLessThan(fromRevision, 1);
        var next = fromRevision;
        while (true)
        {
            var (missed, watcher) = await _queue.RunAsync(() => CatchUp(prefix, next), cancellationToken);
            foreach (var changes in missed)
            {
                next = changes.Revision + 1;
                yield return changes;
            }

            if (watcher is null) continue;
            await foreach (var changes in watcher.Changes.ReadAllAsync(cancellationToken))
            {
                if (changes.Revision < next) continue;
                next = changes.Revision + 1;
                yield return changes;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _leaseLoop;
        await _queue.DisposeAsync();
        foreach (var watcher in _watchers) watcher.Close(new ClusterStoreException("The cluster store is closed."));
        _stopping.Dispose();
    }

    /// <summary>
    /// The first key after all keys with this prefix: keys are ASCII, so the last character can grow by one.
    /// </summary>
    private static string EndOf(string prefix) => prefix[..^1] + (char)(prefix[^1] + 1);

    /// <summary>
    /// Runs on the queue's thread: either there is more history to read, or the watch is live from here on.
    /// </summary>
    private (IReadOnlyList<StoreChanges> Missed, EmbeddedWatcher? Live) CatchUp(string prefix, long next)
    {
        if (next <= _transactions.CompactedRevision)
            throw new StoreCompactedException(next, _transactions.CompactedRevision);
        var rows = _database.History(next, long.MaxValue, prefix, EndOf(prefix), CatchUpRows);
        if (rows.Count == CatchUpRows) return (Group(Whole(prefix, rows)), null);
        var watcher = new EmbeddedWatcher(prefix, EndOf(prefix));
        _watchers.RemoveAll(old => old.Changes.Completion.IsCompleted);
        _watchers.Add(watcher);
        return (Group(rows), watcher);
    }

    /// <summary>
    /// A full page may have cut its last revision in two: it is left for the next page, or read whole if it is the
    /// only one.
    /// </summary>
    private List<(long Revision, StoreChange Change)> Whole(
        string prefix, List<(long Revision, StoreChange Change)> rows)
    {
        var last = rows[^1].Revision;
        if (rows[0].Revision == last) return _database.History(last, last, prefix, EndOf(prefix), int.MaxValue);
        rows.RemoveAll(row => row.Revision == last);
        return rows;
    }

    private static List<StoreChanges> Group(List<(long Revision, StoreChange Change)> rows) =>
        [.. rows.GroupBy(row => row.Revision).Select(group =>
            new StoreChanges(group.Key, [.. group.Select(row => row.Change)]))];

    private void PublishCommitted()
    {
        foreach (var changes in _transactions.TakeCommitted())
            _watchers.RemoveAll(watcher => !watcher.Offer(changes));
    }

    private Task ExpireLeasesAsync(TimeProvider time, CancellationToken stopping) =>
        PeriodicLoop.RunAsync(time, LeaseCheckInterval, ExpireLeasesOnceAsync, stopping);

    private async Task ExpireLeasesOnceAsync(CancellationToken stopping)
    {
        if (!_transactions.HasLeases) return;
        try
        {
            await _queue.RunAsync(_transactions.ExpireLeases, stopping);
        }
        catch (ClusterStoreException failure)
        {
            // The next tick tries again: an ended lease is refused at renewal even while its keys are still there.
            LogLeasesNotChecked(failure);
        }
    }

    [LoggerMessage(3020, LogLevel.Warning, "Ended leases could not be looked for")]
    private partial void LogLeasesNotChecked(Exception failure);
}
