namespace Platform.Cluster.Configuration.Options;

/// <summary>The cluster store and membership (<c>platform.cluster</c>).</summary>
internal sealed record ClusterOptions
{
    public required ClusterStoreKind Store { get; init; }

    /// <summary>Null in a process that talks to no other.</summary>
    public required string? Secret { get; init; }

    public required TimeSpan LeaseTtl { get; init; }

    public required TimeSpan CoordinatorLeaseTtl { get; init; }

    public required WatchOptions Watch { get; init; }

    public required int MovesMax { get; init; }

    /// <summary>Of the copy that a target makes before a tenant moves.</summary>
    public required TimeSpan PrepareTimeout { get; init; }

    public required int HistoryRevisionsMax { get; init; }

    public required int EventsMax { get; init; }

    /// <summary>Zero: none by schedule.</summary>
    public required TimeSpan SnapshotInterval { get; init; }

    public required int SnapshotsKept { get; init; }

    /// <summary>Zero: for ever.</summary>
    public required TimeSpan DeletedTenantsKept { get; init; }

    /// <summary>Zero: never.</summary>
    public required TimeSpan LogSweepInterval { get; init; }

    public required EtcdSettings Etcd { get; init; }
}
