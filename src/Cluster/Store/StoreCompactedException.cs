namespace Platform.Cluster.Store;

/// <summary>A watch asked for changes that the store has forgotten.</summary>
internal sealed class StoreCompactedException(long fromRevision, long compactedRevision)
    : ClusterStoreException(
        $"Changes from revision {fromRevision} on are forgotten; the oldest kept is {compactedRevision + 1}.")
{
    /// <summary>Changes up to this revision are forgotten.</summary>
    public long CompactedRevision { get; } = compactedRevision;
}
