using Microsoft.Extensions.Logging;
using Platform.Replication.Ltx;
using Platform.Replication.Maintenance;
using Platform.Replication.ObjectStore;
using Platform.Replication.Shipping;

namespace Platform.Replication.Retention;

/// <summary>
/// Carries out deletions: checks in the store that each replacement is there at its full size, then deletes in batches.
/// It may be cut off anywhere and repeated.
/// </summary>
internal sealed partial class RetentionRun(
    DatabaseReplicaOptions replica, ReplicaInventory inventory, ReplicationMetrics? metrics)
{
    /// <summary>The most that one request deletes: the limit of S3.</summary>
    private const int KeysPerRequest = 1000;

    private readonly ILogger _logger = replica.Logger;

    /// <exception cref="FileGoneException">A replacement is not there; nothing was deleted.</exception>
    /// <exception cref="ObjectStoreException">Object storage failed; some may be deleted. Try again later.</exception>
    public async Task RunAsync(IReadOnlyCollection<Deletion> deletions, CancellationToken cancellationToken)
    {
        // A replacement that goes itself has one in its turn: the last of such a row stays, and is looked at.
        var going = deletions.Select(deletion => deletion.File).ToHashSet();
        foreach (var replacement in deletions.Select(deletion => deletion.Replacement).Distinct())
        {
            if (!going.Contains(replacement))
            {
                await RequireStoredAsync(replacement, cancellationToken);
            }
        }

        foreach (var batch in going.Chunk(KeysPerRequest))
        {
            await replica.Store.DeleteAsync([.. batch.Select(Key)], cancellationToken);
            inventory.Deleted(batch);
            metrics?.Deleted(batch.Length);
        }

        LogDeleted(replica.ReplicaPath, going.Count);
    }

    // Reads over the end: an object of the right size gives its last checksum and not a byte more.
    private async Task RequireStoredAsync(KnownFile file, CancellationToken cancellationToken)
    {
        var key = Key(file);
        var end = new byte[LtxTrailer.ChecksumBytes + 1];
        await using var stream = await replica.Store.OpenReadAsync(
            key, file.Bytes - LtxTrailer.ChecksumBytes, end.Length, cancellationToken)
            ?? throw new FileGoneException(key);
        var read = await stream.ReadAtLeastAsync(end, end.Length, throwOnEndOfStream: false, cancellationToken);
        if (read != LtxTrailer.ChecksumBytes
            || (LtxTrailer.FileChecksum(end.AsSpan(0, read)) & LtxFormat.ChecksumFlag) == 0)
        {
            inventory.Damaged(file.Level, file.Min, file.Max);
            LogIncomplete(replica.ReplicaPath, key, file.Bytes);
            throw new FileGoneException(key);
        }
    }

    private string Key(KnownFile file) => file.Key(replica.Store.Layout, replica.ReplicaPath);

    [LoggerMessage(1022, LogLevel.Debug, "Replica {ReplicaPath}: {Files} files deleted after their retention")]
    private partial void LogDeleted(string replicaPath, int files);

    [LoggerMessage(1023, LogLevel.Error,
        "Replica {ReplicaPath}: {Key} is not whole, by its end; it should have {Bytes} bytes. What it replaces is kept")]
    private partial void LogIncomplete(string replicaPath, string key, long bytes);
}
