using Microsoft.Extensions.Logging;
using Platform.Replication.Fencing;
using Platform.Replication.Ltx;
using Platform.Replication.ObjectStore;

namespace Platform.Replication.Rewinding;

/// <summary>
/// Makes an image the newest state of a replica that has a history: by one transaction that holds all of it, and a
/// snapshot, so that restores need nothing of before. The caller is the database's owner and has it closed.
/// </summary>
internal static partial class ImageAppend
{
    /// <param name="options">Where.</param>
    /// <param name="history">The history, just read.</param>
    /// <param name="image">The image, in the scratch folder.</param>
    /// <param name="appended">Called once the transaction is stored, which decides.</param>
    /// <param name="cancellationToken">Gives up before the new transaction is written.</param>
    /// <exception cref="FencedException">Another owner wrote the next transaction. Nothing was changed.</exception>
    /// <exception cref="ObjectStoreException">It has happened or not: the history tells.</exception>
    public static async Task<(Txid Txid, DateTimeOffset Time)> RunAsync(
        RewindOptions options, RetainedHistory history, PastImage image, Action<Txid> appended,
        CancellationToken cancellationToken)
    {
        var next = history.Newest.Next;
        var now = DateTimeOffset.FromUnixTimeMilliseconds(options.Time.GetUtcNow().ToUnixTimeMilliseconds());
        if (await history.ReadNewestTimeAsync(cancellationToken) is { } newest && newest > now)
        {
            now = newest;
        }

        // Not cancelled any more: an upload that is given up can still arrive, when the owner is open again.
        cancellationToken.ThrowIfCancellationRequested();
        var upload = new ImageUpload(options.Store, image);
        if (!await upload.StoreAsync(options.ReplicaPath, level: 0, next, next, now, CancellationToken.None))
        {
            throw new FencedException(
                ReplicaPath.File(options.Store.Layout, options.ReplicaPath, level: 0, next, next));
        }

        appended(next);
        var isRestorable = history.Points.Count > 0 && history.Points[^1].Txid == history.Newest;
        await AddSnapshotAsync(options, upload, next, now, isNeeded: !isRestorable);
        return (next, now);
    }

    // Past the point of no return, so nobody's cancellation counts.
    private static async Task AddSnapshotAsync(
        RewindOptions options, ImageUpload upload, Txid txid, DateTimeOffset time, bool isNeeded)
    {
        try
        {
            // A name that is taken is a snapshot of the same transaction, which is as good.
            await upload.StoreAsync(
                options.ReplicaPath, ReplicaPath.SnapshotLevel, new Txid(1), txid, time, CancellationToken.None);
        }
        catch (ObjectStoreException failure) when (!isNeeded)
        {
            LogNoSnapshot(options.Logger, options.ReplicaPath, txid, failure);
        }
    }

    [LoggerMessage(1061, LogLevel.Warning,
        "The whole database of replica {ReplicaPath} was stored as transaction {Txid}, but its snapshot was not; a later "
        + "one will be")]
    private static partial void LogNoSnapshot(ILogger logger, string replicaPath, Txid txid, Exception failure);
}
