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

        var (txid, time) = await ImageAppend.RunAsync(
            options, history, image,
            next => LogRewound(options.Logger, options.ReplicaPath, image.Txid, before, next), cancellationToken);
        return new RewoundReplica(before, image.Txid, image.Time, txid, time);
    }

    [LoggerMessage(1060, LogLevel.Information,
        "Replica {ReplicaPath} was taken back to transaction {Restored} by transaction {Txid}; the newest before was "
        + "{Before}")]
    private static partial void LogRewound(ILogger logger, string replicaPath, Txid restored, Txid before, Txid txid);
}
