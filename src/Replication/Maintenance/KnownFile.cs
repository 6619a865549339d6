using System.Runtime.InteropServices;
using Platform.Replication.Ltx;
using Platform.Replication.ObjectStore;
using Platform.Replication.Restoring;

namespace Platform.Replication.Maintenance;

/// <summary>One file of a replica, as its owner knows it: listed at the opening, or stored since.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct KnownFile
{
    public required int Level { get; init; }

    public required Txid Min { get; init; }

    public required Txid Max { get; init; }

    public required long Bytes { get; init; }

    /// <summary>When its last transaction was committed, in milliseconds since the Unix epoch; never too early.</summary>
    public required long TimestampMilliseconds { get; init; }

    /// <summary>
    /// When it was stored, on the process's monotonic clock; never too early, whatever the clocks of the store and of
    /// former owners say. Before the process began it may be negative.
    /// </summary>
    public required TimeSpan StoredAt { get; init; }

    /// <summary>True when it cannot be read as it should be: nothing is merged with it, and it replaces nothing.</summary>
    public bool IsDamaged { get; init; }

    /// <summary>True when a restore can start with it.</summary>
    public bool IsSnapshot => Min.Value == 1;

    /// <summary>True when everything in <paramref name="other"/> is also in this file.</summary>
    public bool Covers(in KnownFile other) => Min <= other.Min && Max >= other.Max;

    public string Key(ReplicaLayout layout, string replicaPath) =>
        ReplicaPath.File(layout, replicaPath, Level, Min, Max);

    public ReplicaFile ToReplicaFile() =>
        new(Level, Min, Max, DateTimeOffset.FromUnixTimeMilliseconds(TimestampMilliseconds));

    public override string ToString() => $"{Level}/{LtxFileName.Format(Min, Max)}";
}
