using Platform.Replication.ObjectStore;

namespace Platform.Replication.Restoring;

/// <summary>What a restore works with, and its limits.</summary>
public sealed record RestoreOptions
{
    /// <summary>Where the replica is.</summary>
    public required IObjectStore Store { get; init; }

    /// <summary>The replica's path in the store, such as <c>tenants/acme/data.db</c>.</summary>
    public required string ReplicaPath { get; init; }

    /// <summary>The database file to make. It is replaced only when the new one is complete and verified.</summary>
    public required string DestinationPath { get; init; }

    /// <summary>Parts that are downloaded at the same time.</summary>
    public int Parallelism { get; init; } = 8;

    /// <summary>The size of such a part, in bytes; times the parallelism, the memory that the restore takes.</summary>
    public int PartBytes { get; init; } = 4 << 20;

    /// <summary>What this restore shares with others; null for none.</summary>
    public RestoreMemory? Memory { get; init; }

    /// <summary>True to sync the file before it takes its place, so that it survives a loss of power.</summary>
    public bool IsDurable { get; init; } = true;
}
