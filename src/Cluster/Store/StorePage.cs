namespace Platform.Cluster.Store;

/// <summary>Part of a listing.</summary>
/// <param name="Entries">In ordinal order of their keys.</param>
/// <param name="HasMore">True when more follow after the last entry.</param>
/// <param name="Revision">The store's revision when the page was read.</param>
internal sealed record StorePage(IReadOnlyList<StoreEntry> Entries, bool HasMore, long Revision);
