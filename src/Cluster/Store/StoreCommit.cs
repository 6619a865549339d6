namespace Platform.Cluster.Store;

/// <summary>How a transaction ended.</summary>
/// <param name="Succeeded">False: a comparison did not hold, nothing was changed.</param>
/// <param name="Revision">The revision of the changes, or the store's when nothing was changed.</param>
internal readonly record struct StoreCommit(bool Succeeded, long Revision);
