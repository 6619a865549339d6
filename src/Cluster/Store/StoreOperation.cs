namespace Platform.Cluster.Store;

/// <summary>One change of a transaction.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The new value; null deletes the key, which need not exist.</param>
/// <param name="LeaseId">The lease that the key goes with from now on; 0 is none.</param>
internal readonly record struct StoreOperation(string Key, ReadOnlyMemory<byte>? Value, long LeaseId)
{
    public static StoreOperation Put(string key, ReadOnlyMemory<byte> value, long leaseId = 0) =>
        new(key, value, leaseId);

    public static StoreOperation Delete(string key) => new(key, null, 0);
}
