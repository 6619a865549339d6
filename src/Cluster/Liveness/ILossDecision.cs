using Platform.Cluster.Store;

namespace Platform.Cluster.Liveness;

/// <summary>What follows when a process is certainly dead: the end of an entry that says that it lives.</summary>
internal interface ILossDecision
{
    /// <summary>False: it is another process's to decide, for now.</summary>
    bool IsOurs { get; }

    /// <summary>True when another life of the node is reason enough: it does not take the entry over.</summary>
    bool EndsWithSuccessor { get; }

    /// <summary>The process's entry; null when it is gone, or another's.</summary>
    /// <exception cref="ClusterStoreException">The store does not answer.</exception>
    Task<StoreEntry?> FindAsync(WatchedProcess process, CancellationToken cancellationToken);

    /// <summary>
    /// Removes the entry unless it was written anew since it was found, as a process does that lives; then, false.
    /// </summary>
    /// <exception cref="ClusterStoreException">The store does not answer.</exception>
    Task<bool> TryEndAsync(
        WatchedProcess process, StoreEntry found, string reason, CancellationToken cancellationToken);
}
