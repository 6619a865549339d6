namespace Platform.Cluster.Store;

/// <summary>A key with its value.</summary>
/// <param name="Key">The full key.</param>
/// <param name="Value">Opaque to the store.</param>
/// <param name="CreateRevision">Revision that made the key; a key that was deleted and put again has a new one.</param>
/// <param name="ModRevision">Revision that put this value.</param>
/// <param name="LeaseId">The lease that the key goes with; 0 is none.</param>
internal sealed record StoreEntry(
    string Key, ReadOnlyMemory<byte> Value, long CreateRevision, long ModRevision, long LeaseId);
