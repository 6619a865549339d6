using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.Replication.Maintenance;
using Platform.Replication.ObjectStore;
using Platform.Replication.Restoring;

namespace Platform.Replication.Shipping;

/// <summary>What a <see cref="DatabaseReplica"/> works with, and its limits.</summary>
public sealed record DatabaseReplicaOptions
{
    /// <summary>Where the replica is.</summary>
    public required IObjectStore Store { get; init; }

    /// <summary>The replica's path in the store, such as <c>tenants/acme/data.db</c>, without a slash at its end.</summary>
    public required string ReplicaPath { get; init; }

    /// <summary>The local database file. <c>-wal</c>, <c>-shm</c> and <c>-position</c> are beside it.</summary>
    public required string DatabasePath { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The log.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>Where ships and restores are counted; null for nowhere.</summary>
    public ReplicationMetrics? Metrics { get; init; }

    /// <summary>
    /// Tells this tenant from others that had its path before, such as the id or time of its creation. With it, commits
    /// that were never shipped survive a killed process even when the replica is still empty; without it they do not,
    /// because they could be those of a deleted tenant.
    /// </summary>
    public string? Lineage { get; init; }

    /// <summary>
    /// How many bytes of the WAL may go into one file: what collected during an outage is shipped in pieces of about
    /// this size. A single transaction is never divided.
    /// </summary>
    public long WalBytesPerFileMax { get; init; } = 32L << 20;

    /// <summary>Parts of the replica that are downloaded at the same time.</summary>
    public int RestoreParallelism { get; init; } = 8;

    /// <summary>The size of such a part, in bytes; times the parallelism, the memory that a restore takes.</summary>
    public int RestorePartBytes { get; init; } = 4 << 20;

    /// <summary>What restores share with those of other databases of the process; null for none.</summary>
    public RestoreMemory? RestoreMemory { get; init; }

    /// <summary>The file that identifies the machine's boot.</summary>
    internal string BootIdPath { get; init; } = "/proc/sys/kernel/random/boot_id";
}
