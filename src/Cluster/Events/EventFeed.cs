using Microsoft.Extensions.Logging;
using Platform.Cluster.Store;

namespace Platform.Cluster.Events;

/// <summary>
/// The newest events in memory, for as many readers as there are: each keeps its own place, so that a slow one costs
/// nothing. Begins with what the store still tells of the time before this process.
/// </summary>
internal sealed partial class EventFeed(
    IClusterStore store, int eventsMax, TimeProvider time, ILogger<EventFeed> logger)
{
    /// <summary>How far back a process that starts looks, in changes of the store, most of them heartbeats.</summary>
    private const int RevisionsBack = 5_000;

    /// <summary>
    /// A place this far ahead of what this process has seen is not that of a process which is faster, but of a store
    /// that is no more.
    /// </summary>
    private const int RevisionsAheadMax = 10_000;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    private readonly List<ClusterEvent> _events = [];
    private readonly EventReader _reader = new();

    /// <summary>Guards the events, both places and the signal.</summary>
    private readonly Lock _gate = new();
    private TaskCompletionSource _changed = NewSignal();

    /// <summary>Events up to here are not kept.</summary>
    private EventId _dropped;

    /// <summary>The last revision that was read.</summary>
    private long _seen;
    private long _liveFrom;

    /// <summary>Where a reader begins that wants only what comes.</summary>
    public EventId Newest
    {
        get
        {
            lock (_gate) return _events.Count > 0 ? _events[^1].Id : new EventId(_seen, 0);
        }
    }

    /// <summary>Follows the store until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var next = 0L;
        try
        {
            while (true)
            {
                try
                {
                    if (next == 0) next = await BeginAsync(stopping);
                    await foreach (var changes in store.WatchAsync("/", next, stopping))
                    {
                        Take(changes);
                        next = changes.Revision + 1;
                    }
                }
                catch (StoreCompactedException compacted)
                {
                    next = compacted.CompactedRevision + 1;
                    lock (_gate) _dropped = new EventId(compacted.CompactedRevision, int.MaxValue);
                }
                catch (ClusterStoreException failure)
                {
                    LogNotFollowed(failure.Message);
                    await Task.Delay(RetryDelay, time, stopping);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    /// <summary>
    /// Up to <paramref name="countMax"/> events after a place, oldest first. After a place that is not kept any more, or
    /// belongs to another store, the first is a <see cref="EventKinds.FeedGap"/>. The default is the place before all.
    /// </summary>
    public IReadOnlyList<ClusterEvent> After(EventId place, int countMax)
    {
        lock (_gate)
        {
            var isLost = place != default
                && (place.CompareTo(_dropped) < 0 || place.Revision > _seen + RevisionsAheadMax);
            if (isLost) return [Gap(), .. _events.Take(countMax)];
            return _events.GetRange(FirstAfter(place), Math.Min(countMax, _events.Count - FirstAfter(place)));
        }
    }

    /// <summary>The newest events that a filter lets through, oldest first.</summary>
    public IReadOnlyList<ClusterEvent> Latest(Func<ClusterEvent, bool> filter, int countMax)
    {
        lock (_gate) return [.. _events.Where(filter).TakeLast(countMax)];
    }

    /// <summary>Completes when there is something after <paramref name="place"/>.</summary>
    public Task WaitAsync(EventId place)
    {
        lock (_gate)
            return _events.Count > 0 && _events[^1].Id.CompareTo(place) > 0 ? Task.CompletedTask : _changed.Task;
    }

    private async Task<long> BeginAsync(CancellationToken stopping)
    {
        var revision = (await store.ListAsync("/", null, 1, stopping)).Revision;
        var first = Math.Max(1, revision - RevisionsBack);
        lock (_gate)
        {
            (_liveFrom, _seen) = (revision, revision);
            _dropped = new EventId(first - 1, 0);
        }

        return first;
    }

    private void Take(StoreChanges changes)
    {
        var isLive = changes.Revision > _liveFrom;
        var events = _reader.Read(changes, isLive ? time.GetUtcNow() : null).ToList();
        TaskCompletionSource changed;
        lock (_gate)
        {
            _seen = Math.Max(_seen, changes.Revision);
            if (events.Count == 0) return;
            _events.AddRange(events);
            Trim();
            (changed, _changed) = (_changed, NewSignal());
        }

        changed.SetResult();
    }

    /// <summary>A tenth at once: removing from the front of a list moves all that follow.</summary>
    private void Trim()
    {
        if (_events.Count <= eventsMax) return;
        var count = Math.Min(_events.Count, _events.Count - eventsMax + eventsMax / 10);
        _dropped = _events[count - 1].Id;
        _events.RemoveRange(0, count);
    }

    private int FirstAfter(EventId place)
    {
        var (low, high) = (0, _events.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_events[middle].Id.CompareTo(place) > 0) high = middle;
            else low = middle + 1;
        }

        return low;
    }

    private ClusterEvent Gap() => new()
    {
        Id = _events.Count > 0 ? _dropped : new EventId(_seen, 0),
        Kind = EventKinds.FeedGap,
        Time = time.GetUtcNow(),
        Reason = "events between the place that was asked for and the next one are not kept any more",
    };

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(3141, LogLevel.Warning, "Events cannot be followed; trying again: {Reason}")]
    private partial void LogNotFollowed(string reason);
}
