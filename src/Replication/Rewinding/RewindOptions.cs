using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.Replication.ObjectStore;

namespace Platform.Replication.Rewinding;

/// <summary>What going back, copying and exporting work with.</summary>
public sealed record RewindOptions
{
    /// <summary>Where the replica is.</summary>
    public required IObjectStore Store { get; init; }

    /// <summary>The replica's path in the store, such as <c>tenants/acme/data.db</c>.</summary>
    public required string ReplicaPath { get; init; }

    /// <summary>
    /// An existing folder that is this operation's alone, for the database and its encoding: up to twice the database.
    /// </summary>
    public required string ScratchPath { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The log.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>Parts of the replica that are downloaded at the same time.</summary>
    public int Parallelism { get; init; } = 8;

    /// <summary>The size of such a part, in bytes; times the parallelism, the memory that a restore takes.</summary>
    public int PartBytes { get; init; } = 4 << 20;
}
