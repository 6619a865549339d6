namespace Platform.Cluster.Store;

/// <summary>All changes that one revision made under a watched prefix.</summary>
/// <param name="Revision">The revision.</param>
/// <param name="Changes">At least one, each key once.</param>
internal sealed record StoreChanges(long Revision, IReadOnlyList<StoreChange> Changes);
