namespace Platform.Replication.Shipping;

/// <summary>Brings the file that is to be stored next to the store.</summary>
internal sealed class PendingUpload(DatabaseReplicaOptions options)
{
    /// <summary>True when it is stored; false when its name holds other content.</summary>
    /// <exception cref="ObjectStore.ObjectStoreException">Not stored, as far as is known.</exception>
    public async Task<bool> StoreAsync(PendingFile pending, CancellationToken cancellationToken)
    {
        var started = options.Time.GetTimestamp();
        if (!await LtxUpload.StoreAsync(
            options.Store, pending.Key, pending.Content, pending.Timestamp, cancellationToken))
        {
            return false;
        }

        options.Metrics?.Shipped(pending.Content.Length, options.Time.GetElapsedTime(started).TotalSeconds);
        return true;
    }
}
