using Microsoft.Extensions.Logging;
using Platform.Replication.Ltx;
using Platform.Replication.Restoring;
using Platform.Replication.Shipping;

namespace Platform.Replication.Scrubbing;

/// <summary>
/// Verifies that a replica restores to what its live database is: takes checksums of the database's pages as of the last
/// shipped transaction, restores just that transaction from the store into a scratch file (which checks every checksum,
/// the line of transactions and the number of pages), and compares. What is damaged in the store is mended by a snapshot.
/// </summary>
internal sealed partial class ReplicaScrub(DatabaseReplica replica, ScrubOptions options)
{
    private readonly ILogger _logger = replica.Options.Logger;

    /// <summary>Verifies; what is damaged is noted in the inventory and mended.</summary>
    /// <exception cref="ObjectStore.ObjectStoreException">Object storage failed: nothing is known.</exception>
    public async Task<(ScrubOutcome Outcome, Txid Txid)> RunAsync(CancellationToken cancellationToken)
    {
        var hashes = await HashAsync(cancellationToken);
        if (hashes is null)
        {
            return (ScrubOutcome.Skipped, Txid.None);
        }

        var outcome = await CompareAsync(hashes, cancellationToken);
        if (outcome != ScrubOutcome.Damaged)
        {
            return (outcome, hashes.State.Txid);
        }

        // The database goes on meanwhile: what the snapshot holds is newer than what was compared before.
        if (!await replica.SnapshotAsync(replacesDamaged: true, cancellationToken)
            || await HashAsync(cancellationToken) is not { } after)
        {
            return (ScrubOutcome.Damaged, Txid.None);
        }

        var again = await CompareAsync(after, cancellationToken);
        return again == ScrubOutcome.Verified
            ? (ScrubOutcome.Repaired, after.State.Txid)
            : (again, Txid.None);
    }

    private async Task<PageHashes?> HashAsync(CancellationToken cancellationToken) =>
        replica.Position == Txid.None
            ? null
            : await replica.ReadShippedAsync((state, file) =>
                Task.Run(() => PageHashes.Of(state, file, cancellationToken), cancellationToken));

    private async Task<ScrubOutcome> CompareAsync(PageHashes hashes, CancellationToken cancellationToken)
    {
        try
        {
            var restored = await DatabaseRestore.RestoreAsync(
                new RestoreOptions
                {
                    Store = replica.Options.Store,
                    ReplicaPath = replica.Options.ReplicaPath,
                    DestinationPath = options.ScratchPath,
                    Parallelism = options.Parallelism,
                    PartBytes = options.PartBytes,
                },
                RestoreTarget.At(hashes.State.Txid),
                progress: null,
                cancellationToken);
            return await CompareAsync(hashes, restored, cancellationToken);
        }
        catch (RestoreException fault)
        {
            replica.Inventory.Damaged(replica.Options, fault.Key);
            LogDamaged(fault, replica.Options.ReplicaPath, fault.Key, hashes.State.Txid);
            return ScrubOutcome.Damaged;
        }
        finally
        {
            // With what SQLite may have made beside it when it looked.
            File.Delete(options.ScratchPath);
            File.Delete(options.ScratchPath + "-wal");
            File.Delete(options.ScratchPath + "-shm");
        }
    }

    private async Task<ScrubOutcome> CompareAsync(
        PageHashes hashes, RestoredDatabase restored, CancellationToken cancellationToken)
    {
        var path = options.ScratchPath;
        var page = await Task.Run(() => hashes.FirstDifference(path, cancellationToken), cancellationToken);
        if (page != 0)
        {
            LogDifferent(replica.Options.ReplicaPath, restored.Txid, page, restored.Key);
            return ScrubOutcome.Different;
        }

        var problem = options.CheckIntegrity is { } check ? await check(path, cancellationToken) : null;
        if (problem is null)
        {
            return ScrubOutcome.Verified;
        }

        LogCorrupt(replica.Options.ReplicaPath, restored.Txid, problem);
        return ScrubOutcome.Different;
    }

    [LoggerMessage(1025, LogLevel.Error,
        "Replica {ReplicaPath}: {Key} keeps it from being restored to {Txid}. A snapshot is written, which makes the newest "
        + "state restorable; moments that need this object are lost unless it is put back from a copy of the bucket")]
    private partial void LogDamaged(RestoreException fault, string replicaPath, string key, Txid txid);

    [LoggerMessage(1026, LogLevel.Critical,
        "Replica {ReplicaPath}: restored to {Txid}, page {Page} differs from the database here, although every file is whole "
        + "(the last is {Key}). Nothing of this replica is deleted or compacted until the tenant is opened anew. Copy the "
        + "local file and the replica, find out which of them is right, and restore to that")]
    private partial void LogDifferent(string replicaPath, Txid txid, uint page, string key);

    [LoggerMessage(1027, LogLevel.Critical,
        "Replica {ReplicaPath}: restored to {Txid} it is what the database here is, but SQLite finds it corrupt: {Problem}. "
        + "Nothing of this replica is deleted or compacted until the tenant is opened anew. Restore a moment before")]
    private partial void LogCorrupt(string replicaPath, Txid txid, string problem);
}
