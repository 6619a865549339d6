using Platform.Replication.Ltx;
using Platform.Replication.Restoring;

namespace Platform.Replication.Rewinding;

/// <summary>A retained state of a database as a local file: verified, complete, and nobody's yet.</summary>
/// <param name="Path">The database file, in the scratch folder.</param>
/// <param name="Txid">The transaction that it is at.</param>
/// <param name="Time">When that was committed.</param>
/// <param name="PageBytes">Its page size, in bytes.</param>
/// <param name="Commit">Its size in pages.</param>
public sealed record PastImage(string Path, Txid Txid, DateTimeOffset Time, int PageBytes, uint Commit)
{
    /// <summary>Its size, in bytes.</summary>
    public long Bytes => (long)Commit * PageBytes;

    /// <summary>Restores a retained state into the scratch folder.</summary>
    /// <exception cref="NotRetainedException">The replica does not hold that.</exception>
    /// <exception cref="RestoreException">The replica cannot give it: a file is missing or damaged.</exception>
    /// <exception cref="ObjectStore.ObjectStoreException">Object storage failed.</exception>
    public static async Task<PastImage> RestoreAsync(
        RewindOptions options, RestoreTarget target, CancellationToken cancellationToken)
    {
        var history = await RetainedHistory.ReadAsync(options.Store, options.ReplicaPath, cancellationToken);
        return await RestoreAsync(options, history, target, cancellationToken);
    }

    /// <summary>As above; null when the newest state is asked for and nothing was ever stored.</summary>
    /// <exception cref="NotRetainedException">The replica does not hold that.</exception>
    /// <exception cref="RestoreException">The replica cannot give it: a file is missing or damaged.</exception>
    /// <exception cref="ObjectStore.ObjectStoreException">Object storage failed.</exception>
    public static async Task<PastImage?> RestoreUnlessEmptyAsync(
        RewindOptions options, RestoreTarget target, CancellationToken cancellationToken)
    {
        var history = await RetainedHistory.ReadAsync(options.Store, options.ReplicaPath, cancellationToken);
        return target == RestoreTarget.Newest && history.Newest == Txid.None
            ? null
            : await RestoreAsync(options, history, target, cancellationToken);
    }

    private static async Task<PastImage> RestoreAsync(
        RewindOptions options, RetainedHistory history, RestoreTarget target, CancellationToken cancellationToken)
    {
        var point = await history.FindAsync(target, cancellationToken);
        var path = System.IO.Path.Combine(options.ScratchPath, "data.db");
        var restored = await DatabaseRestore.RestoreAsync(
            new RestoreOptions
            {
                Store = options.Store,
                ReplicaPath = options.ReplicaPath,
                DestinationPath = path,
                Parallelism = options.Parallelism,
                PartBytes = options.PartBytes,
            },
            RestoreTarget.At(point.Txid),
            progress: null,
            cancellationToken);
        return new PastImage(path, restored.Txid, restored.Timestamp, restored.PageBytes, restored.Commit);
    }
}
