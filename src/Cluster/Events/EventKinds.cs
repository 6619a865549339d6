namespace Platform.Cluster.Events;

/// <summary>What can happen. The part before the dot is the family, by which events can be asked for as well.</summary>
internal static class EventKinds
{
    public const string NodeJoined = "node.joined";
    public const string NodeLeft = "node.left";
    public const string NodeDown = "node.down";

    /// <summary>Before its lease had ended: its internal listener refused connections.</summary>
    public const string NodeDead = "node.dead";
    public const string NodeDegraded = "node.degraded";
    public const string NodeRecovered = "node.recovered";
    public const string NodeCordoned = "node.cordoned";
    public const string NodeDraining = "node.draining";
    public const string NodeUncordoned = "node.uncordoned";

    public const string TenantCreated = "tenant.created";
    public const string TenantChanged = "tenant.changed";
    public const string TenantDeleted = "tenant.deleted";
    public const string TenantRestored = "tenant.restored";
    public const string TenantPurged = "tenant.purged";
    public const string TenantAssigned = "tenant.assigned";
    public const string TenantMoved = "tenant.moved";

    public const string CoordinatorElected = "coordinator.elected";
    public const string CoordinatorEnded = "coordinator.ended";

    /// <summary>As <see cref="NodeDead"/>.</summary>
    public const string CoordinatorDead = "coordinator.dead";

    public const string RebalanceBegun = "rebalance.begun";
    public const string RebalanceDone = "rebalance.done";

    public const string SnapshotSaved = "snapshot.saved";
    public const string SnapshotFailed = "snapshot.failed";
    public const string SnapshotRestored = "snapshot.restored";

    /// <summary>Not of the cluster but of the feed: events before this one are not kept any more.</summary>
    public const string FeedGap = "feed.gap";

    public static readonly IReadOnlyList<string> All =
    [
        NodeJoined, NodeLeft, NodeDown, NodeDead, NodeDegraded, NodeRecovered, NodeCordoned, NodeDraining, NodeUncordoned,
        TenantCreated, TenantChanged, TenantDeleted, TenantRestored, TenantPurged, TenantAssigned, TenantMoved,
        CoordinatorElected, CoordinatorEnded, CoordinatorDead, RebalanceBegun, RebalanceDone,
        SnapshotSaved, SnapshotFailed, SnapshotRestored,
    ];

    /// <summary>The kinds that a word means: one kind, or a family; empty when it means none.</summary>
    public static IEnumerable<string> Find(string word) =>
        All.Where(kind => kind == word || kind.StartsWith(word + ".", StringComparison.Ordinal));
}
