using Platform.Replication.Ltx;
using Platform.Replication.ObjectStore;
using Platform.Replication.Restoring;

namespace Platform.Replication.Rewinding;

/// <summary>Begins a new replica with the image of another database: its first transaction, as a snapshot.</summary>
public static class ReplicaSeed
{
    /// <summary>
    /// Stores the image as the first transaction of an empty path. One create-only write: the replica is there or not.
    /// </summary>
    /// <exception cref="RestoreException">The path is not empty. Nothing was changed.</exception>
    /// <exception cref="ObjectStoreException">It may be there or appear later.</exception>
    public static async Task RunAsync(
        IObjectStore store, string replicaPath, PastImage image, TimeProvider time, CancellationToken cancellationToken)
    {
        var listed = await ReplicaListing.ListAsync(store, replicaPath, cancellationToken);
        var first = new Txid(1);
        if (listed.Count > 0 || !await new ImageUpload(store, image).StoreAsync(
            replicaPath, ReplicaPath.SnapshotLevel, first, first, time.GetUtcNow(), cancellationToken))
        {
            throw new RestoreException(
                replicaPath, "it holds a database already.", "Copy to a path that nothing was ever written to.");
        }
    }
}
