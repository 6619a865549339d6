namespace Platform.Cluster.Store;

/// <summary>A condition on one key.</summary>
/// <param name="Key">The key.</param>
/// <param name="IsOnCreation">Compares the revision that made the key, else the one that last put it.</param>
/// <param name="Revision">The revision that it must have; 0: the key must not exist.</param>
internal readonly record struct StoreCompare(string Key, bool IsOnCreation, long Revision)
{
    /// <summary>The key must not exist.</summary>
    public static StoreCompare Absent(string key) => new(key, true, 0);

    /// <summary>Nobody may have put the key since <paramref name="revision"/>.</summary>
    public static StoreCompare Unchanged(string key, long revision) => new(key, false, revision);

    /// <summary>The key must be the one that <paramref name="revision"/> made, whatever its value is now.</summary>
    public static StoreCompare CreatedAt(string key, long revision) => new(key, true, revision);
}
