using Microsoft.Extensions.Logging;
using Platform.Replication.Ltx;
using Platform.Replication.Maintenance;
using Platform.Replication.Restoring;
using Platform.Replication.Wal;

namespace Platform.Replication.Shipping;

/// <summary>
/// Decides what a database is opened from. The replica's newest transaction is the truth; the local file only spares
/// the download. Local commits that were not shipped go on top when the rest is proved, and are lost otherwise.
/// </summary>
internal sealed partial class ReplicaOpening(DatabaseReplicaOptions options, DatabaseFile file)
{
    private readonly ILogger _logger = options.Logger;
    private readonly PositionStore _positions = new(options);

    public async Task<DatabaseReplica> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(options.DatabasePath))!);
            var listed = await ReplicaListing.ListAsync(options.Store, options.ReplicaPath, cancellationToken);
            var (opening, state) = ReplicaListing.Newest(listed) is { } newest
                ? await OpenAsync(listed, newest, cancellationToken)
                : OpenEmpty();
            var inventory = new ReplicaInventory(options.Time);
            inventory.Learn(listed, inventory.Now);
            return new DatabaseReplica(options, file, _positions, inventory, opening, state);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public DatabaseReplica? TryReopen(ReplicaMemory memory)
    {
        if (memory.ReplicaPath != options.ReplicaPath || memory.DatabasePath != options.DatabasePath)
        {
            return null;
        }

        if (memory.State.Txid == Txid.None)
        {
            var (opening, empty) = OpenEmpty();
            return new DatabaseReplica(options, file, _positions, memory.Files, opening, empty);
        }

        // The record is that of the clean close, and nobody has touched the file since.
        var record = _positions.Read();
        if (record is not { IsClean: true } || record.Lineage != options.Lineage
            || (record.Position, record.Key, record.Checksum) != (memory.State.Txid, memory.State.Key, memory.State.Checksum)
            || file.Stamp() != memory.Stamp || file.WalFileBytes != 0)
        {
            file.Dispose();
            return null;
        }

        var state = memory.State with { Wal = default, IsInFile = true, MayRestart = false };
        _positions.Reopen(file, record, state);
        LogContinued(options.ReplicaPath, state.Txid);
        return new DatabaseReplica(options, file, _positions, memory.Files, Opening.Continued, state);
    }

    private async Task<(Opening Opening, ShippedState State)> OpenAsync(
        List<ListedFile> listed, ListedFile newest, CancellationToken cancellationToken)
    {
        var record = _positions.Read();
        if (record is not null
            && await new LocalProof(options, file, _positions).TryAsync(record, listed, newest, cancellationToken)
                is { } state)
        {
            // What a clean close recorded is over from here on, before SQLite can write to the file.
            _positions.Reopen(file, record, state);
            LogContinued(options.ReplicaPath, state.Txid);
            return (Opening.Continued, state);
        }

        if (record is not null
            && await TryCatchUpAsync(record, listed, newest, cancellationToken) is { } caughtUp)
        {
            return (Opening.CaughtUp, caughtUp);
        }

        var (transactions, pages) = CountWal();
        var restored = await RestoreAsync(listed, () => GiveUp(record, newest.File.Max), cancellationToken);
        if (transactions > 0)
        {
            LogDiscarded(options.ReplicaPath, transactions, pages, restored.Txid);
        }

        return (Opening.Restored, Record(restored));
    }

    /// <summary>
    /// Applies what came since to a local file that is an earlier transaction, when that reads less than a whole
    /// restore: the case of a node that gets a tenant back, and of one that prepared itself for a tenant.
    /// </summary>
    private async Task<ShippedState?> TryCatchUpAsync(
        PositionRecord record, List<ListedFile> listed, ListedFile newest, CancellationToken cancellationToken)
    {
        if (await new LocalProof(options, file, _positions).TryOlderAsync(record, listed, newest, cancellationToken)
            is not { } older)
        {
            return null;
        }

        var plan = RestorePlan.After(older.Txid, listed.Select(entry => entry.File));
        var objects = listed.ToDictionary(entry => (entry.File.Level, entry.File.Min, entry.File.Max));
        var files = plan.Files.Select(entry => objects[(entry.Level, entry.Min, entry.Max)]).ToList();
        if (plan.Gap is not null || plan.Reached != newest.File.Max || files.Sum(entry => entry.Bytes) >= older.DatabaseBytes)
        {
            return null;
        }

        var from = new RestoreBase(options.DatabasePath, older.PageBytes, older.DatabaseBytes);
        file.Dispose();
        var restored = await MeasuredAsync(downloaded => DatabaseRestore.RestoreAsync(
            RestoreOptions(), from, files, downloaded, _positions.Remove, cancellationToken));
        return Record(restored);
    }

    private Task<RestoredDatabase> RestoreAsync(
        List<ListedFile> listed, Action beforeReplace, CancellationToken cancellationToken) =>
        MeasuredAsync(downloaded => DatabaseRestore.RestoreAsync(
            RestoreOptions(), listed, RestoreTarget.Newest, downloaded, beforeReplace, cancellationToken));

    private async Task<RestoredDatabase> MeasuredAsync(Func<LastProgress, Task<RestoredDatabase>> restore)
    {
        var started = options.Time.GetTimestamp();
        var downloaded = new LastProgress();
        var restored = await restore(downloaded);
        options.Metrics?.Restored(downloaded.Bytes, options.Time.GetElapsedTime(started).TotalSeconds);
        return restored;
    }

    // Not synced: until SQLite closes the database, a loss of power leads to another restore anyway.
    private RestoreOptions RestoreOptions() => new()
    {
        Store = options.Store,
        ReplicaPath = options.ReplicaPath,
        DestinationPath = options.DatabasePath,
        Parallelism = options.RestoreParallelism,
        PartBytes = options.RestorePartBytes,
        Memory = options.RestoreMemory,
        IsDurable = false,
    };

    /// <summary>
    /// The local file proves nothing any more. If this node stored more of the same tenant than the replica holds now,
    /// then objects were lost, and the local file may be the last copy: it is moved aside, not removed.
    /// </summary>
    private void GiveUp(PositionRecord? record, Txid newest)
    {
        _positions.Remove();
        if (record is { Lineage: not null } && record.Lineage == options.Lineage && record.Position > newest
            && file.SetAside() is { } kept)
        {
            LogSetAside(options.ReplicaPath, newest, record.Position, kept);
        }
    }

    private ShippedState Record(RestoredDatabase restored)
    {
        var state = new ShippedState
        {
            Txid = restored.Txid,
            Commit = restored.Commit,
            PageBytes = restored.PageBytes,
            TimestampMilliseconds = restored.Timestamp.ToUnixTimeMilliseconds(),
            Key = restored.Key,
            Checksum = restored.Checksum,
            IsInFile = true,
        };
        _positions.WriteOpen(file, state);
        LogRestored(options.ReplicaPath, restored.Txid);
        return state;
    }

    private (Opening Opening, ShippedState State) OpenEmpty()
    {
        var (transactions, pages) = CountWal();
        var record = _positions.Read();
        var isOurs = record is { IsClean: false, Txid: 0, Lineage: not null }
            && record.Lineage == options.Lineage && _positions.IsThisBoot(record);
        if (isOurs && transactions > 0)
        {
            LogContinued(options.ReplicaPath, Txid.None);
            return (Opening.Continued, ShippedState.Empty);
        }

        if (transactions > 0)
        {
            LogDiscarded(options.ReplicaPath, transactions, pages, Txid.None);
        }

        GiveUp(record, Txid.None);
        file.Remove();
        _positions.WriteOpen(file, ShippedState.Empty);
        return (Opening.Empty, ShippedState.Empty);
    }

    private (int Transactions, int Pages) CountWal()
    {
        using var wal = WalReader.TryOpen(file.WalPath);
        if (wal is null || !wal.TryReadHeader())
        {
            return default;
        }

        using var frames = new WalPageList();
        var scan = wal.Scan(wal.Header.Start, frames, long.MaxValue);
        frames.Seal(scan.Commit);
        return (scan.Transactions, frames.Count);
    }

    private sealed class LastProgress : IProgress<RestoreProgress>
    {
        public long Bytes { get; private set; }

        public void Report(RestoreProgress value) => Bytes = value.BytesDone;
    }

    [LoggerMessage(1010, LogLevel.Information,
        "Replica {ReplicaPath} goes on from the local file at transaction {Txid}")]
    private partial void LogContinued(string replicaPath, Txid txid);

    [LoggerMessage(1011, LogLevel.Information, "Replica {ReplicaPath} was restored to transaction {Txid}")]
    private partial void LogRestored(string replicaPath, Txid txid);

    [LoggerMessage(1012, LogLevel.Warning,
        "The local file of replica {ReplicaPath} is not provably what the replica holds. It was replaced, with its WAL of "
        + "{Transactions} transactions ({Pages} pages), of which some may never have been shipped; now at {Txid}")]
    private partial void LogDiscarded(string replicaPath, int transactions, int pages, Txid txid);

    [LoggerMessage(1013, LogLevel.Error,
        "Replica {ReplicaPath} ends at {Txid}, but this node stored {Stored} there: objects were lost. The local file was "
        + "kept as {Kept}; compare it, and put the lost objects back from a copy of the bucket")]
    private partial void LogSetAside(string replicaPath, Txid txid, Txid stored, string kept);
}
