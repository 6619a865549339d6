using System.Diagnostics.Metrics;

namespace Platform.Replication.Maintenance;

/// <summary>What replication reports, for all databases of the process together: none of it has a tag per tenant.</summary>
public sealed class ReplicationMetrics : IDisposable
{
    public const string MeterName = "Platform.Replication";

    private readonly Meter _meter;
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _requestDuration;
    private readonly Counter<long> _bytes;
    private readonly Histogram<double> _shipDuration;
    private readonly Counter<long> _shipBytes;
    private readonly Counter<long> _compactions;
    private readonly Counter<long> _compactionBytes;
    private readonly Counter<long> _snapshots;
    private readonly Counter<long> _deletions;
    private readonly Counter<long> _upkeepFailures;
    private readonly Histogram<double> _restoreDuration;
    private readonly Counter<long> _restoreBytes;
    private readonly Counter<long> _scrubs;
    private readonly Histogram<double> _scrubDuration;

    public ReplicationMetrics(IMeterFactory factory)
    {
        _meter = factory.Create(MeterName);
        _requests = _meter.CreateCounter<long>(
            "replication.store.requests", description: "Requests to object storage, by kind and outcome.");
        _requestDuration = _meter.CreateHistogram<double>(
            "replication.store.request.duration", "s", "Duration of a request to object storage, by kind.");
        _bytes = _meter.CreateCounter<long>(
            "replication.store.bytes", "By", "Bytes sent to and read from object storage, by direction.");
        _shipDuration = _meter.CreateHistogram<double>(
            "replication.ship.duration", "s", "From an encoded commit group to its stored file.");
        _shipBytes = _meter.CreateCounter<long>("replication.ship.bytes", "By", "Bytes of stored commit groups.");
        _compactions = _meter.CreateCounter<long>(
            "replication.compactions", description: "Merges of files into one, by level and outcome.");
        _compactionBytes = _meter.CreateCounter<long>(
            "replication.compaction.bytes", "By", "Bytes that merges read and wrote, by direction.");
        _snapshots = _meter.CreateCounter<long>(
            "replication.snapshots", description: "Snapshots, by outcome.");
        _deletions = _meter.CreateCounter<long>(
            "replication.deletions", description: "Files deleted because retention ended.");
        _upkeepFailures = _meter.CreateCounter<long>(
            "replication.upkeep.failures", description: "Runs of upkeep that failed and will be tried again.");
        _restoreDuration = _meter.CreateHistogram<double>("replication.restore.duration", "s", "Restores that succeeded.");
        _restoreBytes = _meter.CreateCounter<long>("replication.restore.bytes", "By", "Bytes that restores downloaded.");
        _scrubs = _meter.CreateCounter<long>(
            "replication.scrubs", description: "Verifications of a replica against its database, by outcome.");
        _scrubDuration = _meter.CreateHistogram<double>("replication.scrub.duration", "s", "Duration of a verification.");
    }

    /// <summary>Adds the gauges that the owner of the databases can read.</summary>
    /// <param name="oldestSnapshotSeconds">The age of the oldest last snapshot of all open databases.</param>
    /// <param name="lastVerificationSeconds">How long ago a verification last succeeded; of none, since the start.</param>
    public void Observe(Func<double> oldestSnapshotSeconds, Func<double> lastVerificationSeconds)
    {
        _meter.CreateObservableGauge(
            "replication.snapshot.age",
            oldestSnapshotSeconds,
            "s",
            "Age of the oldest among the last snapshots of the open databases.");
        _meter.CreateObservableGauge(
            "replication.scrub.age", lastVerificationSeconds, "s", "Time since a verification last succeeded.");
    }

    public void Dispose() => _meter.Dispose();

    internal void Requested(string kind, string outcome, double seconds)
    {
        _requests.Add(1, Tag("kind", kind), Tag("outcome", outcome));
        _requestDuration.Record(seconds, Tag("kind", kind));
    }

    internal void Sent(long bytes) => _bytes.Add(bytes, Tag("direction", "sent"));

    internal void Read(long bytes) => _bytes.Add(bytes, Tag("direction", "read"));

    internal void Shipped(long bytes, double seconds)
    {
        _shipBytes.Add(bytes);
        _shipDuration.Record(seconds);
    }

    internal void Compacted(int level, string outcome, long bytesRead, long bytesWritten)
    {
        _compactions.Add(1, Tag("level", level), Tag("outcome", outcome));
        _compactionBytes.Add(bytesRead, Tag("direction", "read"));
        _compactionBytes.Add(bytesWritten, Tag("direction", "written"));
    }

    internal void Snapshot(string outcome) => _snapshots.Add(1, Tag("outcome", outcome));

    internal void Deleted(int files) => _deletions.Add(files);

    internal void UpkeepFailed() => _upkeepFailures.Add(1);

    internal void Restored(long bytes, double seconds)
    {
        _restoreBytes.Add(bytes);
        _restoreDuration.Record(seconds);
    }

    internal void Scrubbed(string outcome, double seconds)
    {
        _scrubs.Add(1, Tag("outcome", outcome));
        _scrubDuration.Record(seconds, Tag("outcome", outcome));
    }

    private static KeyValuePair<string, object?> Tag(string name, object value) => new(name, value);
}
