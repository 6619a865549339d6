using Microsoft.Extensions.Logging;
using Platform.Replication.Fencing;
using Platform.Replication.Ltx;
using Platform.Replication.ObjectStore;

namespace Platform.Replication.Rewinding;

/// <summary>
/// Takes a replica back to a retained state, by a new transaction that holds the image of that state. Nothing is
/// deleted: history goes on without a gap, stock Litestream reads it, and the way back can itself be taken back. The
/// caller is the database's owner and has it closed.
/// </summary>
public static partial class ReplicaRewind
{
    /// <summary>
    /// Goes back. The one create-only write of the new transaction decides: before it nothing has happened, after it
    /// the database is the one of then. A snapshot follows, so that restores need nothing of before.
    /// </summary>
    /// <param name="options">Where.</param>
    /// <param name="image">A state of this replica, in the same scratch folder.</param>
    /// <param name="cancellationToken">Gives up before the new transaction is written.</param>
    /// <exception cref="FencedException">Another owner wrote the next transaction. Nothing was changed.</exception>
    /// <exception cref="ObjectStoreException">
    /// It has happened or not: the history tells. To go back again does no harm.
    /// </exception>
    public static async Task<RewoundReplica> RunAsync(
        RewindOptions options, PastImage image, CancellationToken cancellationToken)
    {
        var history = await RetainedHistory.ReadAsync(options.Store, options.ReplicaPath, cancellationToken);
        var before = history.Newest;
        if (image.Txid == before)
        {
            return new RewoundReplica(before, before, image.Time, before, image.Time);
        }

        var now = DateTimeOffset.FromUnixTimeMilliseconds(options.Time.GetUtcNow().ToUnixTimeMilliseconds());
        if (await history.ReadNewestTimeAsync(cancellationToken) is { } newest && newest > now)
        {
            now = newest;
        }

        // Not cancelled any more: an upload that is given up can still arrive, when the owner is open again.
        cancellationToken.ThrowIfCancellationRequested();
        var upload = new ImageUpload(options.Store, image);
        if (!await upload.StoreAsync(
            options.ReplicaPath, level: 0, before.Next, before.Next, now, CancellationToken.None))
        {
            throw new FencedException(
                ReplicaPath.File(options.Store.Layout, options.ReplicaPath, level: 0, before.Next, before.Next));
        }

        LogRewound(options.Logger, options.ReplicaPath, image.Txid, before, before.Next);
        await AddSnapshotAsync(options, upload, before.Next, now, isNeeded: history.Points[^1].Txid != before);
        return new RewoundReplica(before, image.Txid, image.Time, before.Next, now);
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

    [LoggerMessage(1060, LogLevel.Information,
        "Replica {ReplicaPath} was taken back to transaction {Restored} by transaction {Txid}; the newest before was "
        + "{Before}")]
    private static partial void LogRewound(ILogger logger, string replicaPath, Txid restored, Txid before, Txid txid);

    [LoggerMessage(1061, LogLevel.Warning,
        "Replica {ReplicaPath} was taken back by transaction {Txid}, but its snapshot was not stored; a later one "
        + "will be")]
    private static partial void LogNoSnapshot(ILogger logger, string replicaPath, Txid txid, Exception failure);
}
