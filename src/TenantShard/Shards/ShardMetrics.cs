using System.Diagnostics.Metrics;
using Platform.TenantShard.Lifecycle;

namespace Platform.TenantShard.Shards;

/// <summary>What the shards of a node report. No tenant id is ever a tag: it would be unbounded.</summary>
public sealed class ShardMetrics : IDisposable
{
    public const string MeterName = "Platform.TenantShard";

    private readonly Meter _meter;
    private readonly Counter<long> _groups;
    private readonly Histogram<int> _groupSize;
    private readonly Histogram<double> _groupDuration;
    private readonly Counter<long> _refusals;
    private readonly Counter<long> _activations;
    private readonly Histogram<double> _activationDuration;
    private readonly Counter<long> _evictions;
    private readonly Counter<long> _copiesRemoved;
    private readonly Counter<long> _hits;
    private readonly Counter<long> _interrupts;
    private readonly Counter<long> _checkpoints;
    private readonly Counter<long> _transitions;
    private readonly Counter<long> _logsDropped;

    public ShardMetrics(IMeterFactory factory)
    {
        _meter = factory.Create(MeterName);
        _groups = _meter.CreateCounter<long>("shard.commit.groups", description: "Committed groups of writes.");
        _groupSize = _meter.CreateHistogram<int>("shard.commit.group.size", description: "Writes in a group.");
        _groupDuration = _meter.CreateHistogram<double>(
            "shard.commit.group.duration", "s", "From the first statement of a group to its acknowledgement.");
        _refusals = _meter.CreateCounter<long>(
            "shard.writes.refused", description: "Writes answered with 503, by reason.");
        _activations = _meter.CreateCounter<long>("shard.activations", description: "Opened shards, by outcome.");
        _activationDuration = _meter.CreateHistogram<double>(
            "shard.activation.duration", "s", "From the first request of a closed tenant to its open shard.");
        _evictions = _meter.CreateCounter<long>("shard.evictions", description: "Closed shards, by reason.");
        _copiesRemoved = _meter.CreateCounter<long>(
            "shard.cache.removed", description: "Deleted local copies of closed tenants, by reason: size or unknown.");
        _logsDropped = _meter.CreateCounter<long>(
            "shard.logs.dropped", description: "Requests that were not logged, because too many came at once.");
        _hits = _meter.CreateCounter<long>("shard.hits", description: "Requests that found their shard open.");
        _interrupts = _meter.CreateCounter<long>(
            "shard.statements.interrupted", description: "Statements stopped at their deadline.");
        _checkpoints = _meter.CreateCounter<long>("shard.checkpoints", description: "WAL checkpoints, by outcome.");
        _transitions = _meter.CreateCounter<long>(
            "shard.transitions", description: "Lifecycle transitions, by new state.");
    }

    /// <summary>Adds the gauges that read the host's state.</summary>
    public void Observe(
        Func<int> active, Func<int> awake, Func<long> unshippedBytes, Func<double> lagSeconds, Func<long> sqliteBytes,
        Func<long> cacheBytes)
    {
        _meter.CreateObservableGauge("shard.active", active, description: "Open shards.");
        _meter.CreateObservableGauge("shard.awake", awake, description: "Open shards that hold files open.");
        _meter.CreateObservableGauge(
            "replication.unshipped", unshippedBytes, "By", "Committed WAL that object storage does not have yet.");
        _meter.CreateObservableGauge(
            "replication.lag", lagSeconds, "s", "Age of the oldest commit that object storage does not have yet.");
        _meter.CreateObservableGauge(
            "shard.cache.size", cacheBytes, "By", "Local copies of open and closed tenants, at the last look.");
        _meter.CreateObservableGauge("sqlite.memory", sqliteBytes, "By", "Memory of all SQLite connections.");
    }

    public void Dispose() => _meter.Dispose();

    internal void GroupCommitted(int size, double seconds)
    {
        _groups.Add(1);
        _groupSize.Record(size);
        _groupDuration.Record(seconds);
    }

    internal void WriteRefused(string reason) => _refusals.Add(1, new KeyValuePair<string, object?>("reason", reason));

    internal void Activated(string outcome, double seconds)
    {
        _activations.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
        _activationDuration.Record(seconds);
    }

    internal void Evicted(string reason) => _evictions.Add(1, new KeyValuePair<string, object?>("reason", reason));

    internal void CopyRemoved(string reason) =>
        _copiesRemoved.Add(1, new KeyValuePair<string, object?>("reason", reason));

    internal void LogsDropped(int count) => _logsDropped.Add(count);

    internal void Hit() => _hits.Add(1);

    internal void Interrupted(int count) => _interrupts.Add(count);

    internal void Checkpointed(bool isComplete) =>
        _checkpoints.Add(1, new KeyValuePair<string, object?>("outcome", isComplete ? "complete" : "partial"));

    internal void Moved(ShardState state) =>
        _transitions.Add(1, new KeyValuePair<string, object?>("state", state.ToString()));
}
