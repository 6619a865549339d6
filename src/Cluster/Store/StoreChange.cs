namespace Platform.Cluster.Store;

/// <summary>One key changed.</summary>
/// <param name="Key">The key.</param>
/// <param name="Entry">The new entry; null: the key was deleted.</param>
internal readonly record struct StoreChange(string Key, StoreEntry? Entry);
