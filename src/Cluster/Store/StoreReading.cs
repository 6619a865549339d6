namespace Platform.Cluster.Store;

/// <summary>Reads more than a page.</summary>
internal static class StoreReading
{
    /// <summary>
    /// Hands over every entry under a prefix. They are not of one moment: changes after the returned revision have to be
    /// applied by who needs that (<see cref="IClusterStore.ListAsync"/>).
    /// </summary>
    /// <returns>The revision of the first page.</returns>
    /// <exception cref="ClusterStoreException">The store does not answer.</exception>
    public static async Task<long> ReadAllAsync(
        this IClusterStore store, string prefix, Action<StoreEntry> take, CancellationToken cancellationToken)
    {
        string? last = null;
        var firstRevision = 0L;
        while (true)
        {
            var page = await store.ListAsync(prefix, last, StoreLimits.PageSizeMax, cancellationToken);
            if (firstRevision == 0) firstRevision = page.Revision;
            foreach (var entry in page.Entries) take(entry);
            if (!page.HasMore) return firstRevision;
            last = page.Entries[^1].Key;
        }
    }
}
