using Platform.Cluster.Store;

namespace Platform.Cluster.Membership;

/// <summary>A copy in memory of what lies under a prefix of the store. Called by one task.</summary>
internal interface IPrefixCopy
{
    /// <summary>Takes an entry, unless it has a newer one.</summary>
    void Put(StoreEntry entry);

    /// <summary>Removes an entry, unless it has a newer one.</summary>
    void Remove(string key, long revision);

    /// <summary>Removes everything but <paramref name="keys"/>, unless it is newer than the revision.</summary>
    void RetainOnly(IReadOnlySet<string> keys, long revision);

    /// <summary>All changes of a revision, or of a first reading, are in.</summary>
    void Settle();
}
