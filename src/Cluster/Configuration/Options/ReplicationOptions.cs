namespace Platform.Cluster.Configuration.Options;

/// <summary>What is kept of replicas, and how they are kept up (<c>platform.replication</c>).</summary>
internal sealed record ReplicationOptions
{
    public required TimeSpan Retention { get; init; }

    public required TimeSpan TransactionRetention { get; init; }

    public required int TransactionsKept { get; init; }

    public required TimeSpan DeletionGrace { get; init; }

    public required TimeSpan SnapshotInterval { get; init; }

    public required long MergeBytesMax { get; init; }

    public required int UpkeepParallelism { get; init; }

    /// <summary>Zero: never.</summary>
    public required TimeSpan ScrubInterval { get; init; }

    public required int RememberedTenantsMax { get; init; }
}
