using System.Buffers.Binary;
using Microsoft.Extensions.Logging;
using Platform.Replication.Fencing;
using Platform.Replication.Ltx;
using Platform.Replication.ObjectStore;

namespace Platform.Replication.Rewinding;

/// <summary>
/// Makes another database the newest state of a replica. What was before stays in its history: going back to it undoes
/// this. The caller is the database's owner and has it closed.
/// </summary>
public static partial class ReplicaReplacement
{
    private const int HeaderBytes = 32;

    /// <summary>
    /// Replaces. The one create-only write of the new transaction decides: before it nothing has happened, after it the
    /// database is the new one.
    /// </summary>
    /// <param name="options">Where.</param>
    /// <param name="databasePath">A database that is checkpointed and closed, in the scratch folder.</param>
    /// <param name="cancellationToken">Gives up before the new transaction is written.</param>
    /// <returns>The transaction before, none for an empty replica.</returns>
    /// <exception cref="FencedException">Another owner wrote the next transaction. Nothing was changed.</exception>
    /// <exception cref="ObjectStoreException">It has happened or not: the history tells.</exception>
    public static async Task<Txid> RunAsync(
        RewindOptions options, string databasePath, CancellationToken cancellationToken)
    {
        var image = await ReadAsync(databasePath, options.Time.GetUtcNow(), cancellationToken);
        var history = await RetainedHistory.ReadAsync(options.Store, options.ReplicaPath, cancellationToken);
        if (history.Newest == Txid.None)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await ReplicaSeed.RunAsync(
                options.Store, options.ReplicaPath, image, options.Time, CancellationToken.None);
            LogReplaced(options.Logger, options.ReplicaPath, new Txid(1), Txid.None);
            return Txid.None;
        }

        await ImageAppend.RunAsync(
            options, history, image,
            txid => LogReplaced(options.Logger, options.ReplicaPath, txid, history.Newest), cancellationToken);
        return history.Newest;
    }

    /// <summary>https://sqlite.org/fileformat.html section 1.3: page size at 16, pages at 28, both big-endian.</summary>
    private static async Task<PastImage> ReadAsync(
        string path, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var header = new byte[HeaderBytes];
        await using (var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, useAsync: true))
        {
            await file.ReadExactlyAsync(header, cancellationToken);
        }

        int pageBytes = BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(16));
        return new PastImage(
            path, Txid.None, now, pageBytes == 1 ? 65536 : pageBytes,
            BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(28)));
    }

    [LoggerMessage(1062, LogLevel.Information,
        "Another database became transaction {Txid} of replica {ReplicaPath}; the newest before was {Before}")]
    private static partial void LogReplaced(ILogger logger, string replicaPath, Txid txid, Txid before);
}
