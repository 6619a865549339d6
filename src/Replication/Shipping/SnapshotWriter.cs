using Platform.Replication.Ltx;
using Platform.Replication.Wal;

namespace Platform.Replication.Shipping;

/// <summary>Writes a level-9 file: the whole database as of a shipped transaction. No checkpoint runs meanwhile.</summary>
internal sealed class SnapshotWriter(DatabaseReplicaOptions options, DatabaseFile file)
{
    /// <summary>False when there is nothing to write, or the WAL was restarted under it.</summary>
    public async Task<bool> WriteAsync(ShippedState state, CancellationToken cancellationToken)
    {
        if (state.Txid == Txid.None)
        {
            return false;
        }

        var writer = new LtxWriter();
        var isEncoded = await Task.Run(() => TryEncode(writer, state, cancellationToken), cancellationToken);
        if (!isEncoded)
        {
            writer.Dispose();
            return false;
        }

        var content = writer.Complete();
        var key = ReplicaPath.File(
            options.Store.Layout, options.ReplicaPath, ReplicaPath.SnapshotLevel, new Txid(1), state.Txid);
        var timestamp = DateTimeOffset.FromUnixTimeMilliseconds(state.TimestampMilliseconds);

        // Other content is no fault here: a snapshot decides nothing, and one that a merge made of the same
        // transactions, or that was encoded by another compressor, is as good.
        await LtxUpload.StoreAsync(options.Store, key, content, timestamp, cancellationToken);

        // Not given back when the upload failed: it may still be reading (see PendingFile).
        writer.Dispose();
        return true;
    }

    private bool TryEncode(LtxWriter writer, ShippedState state, CancellationToken cancellationToken)
    {
        using var frames = new WalPageList();
        using var wal = state.IsInFile ? null : WalReader.TryOpen(file.WalPath);
        if (!state.IsInFile && !TryListFrames(wal, frames, state))
        {
            return false;
        }

        var header = new LtxHeader
        {
            PageSize = state.PageBytes,
            Commit = state.Commit,
            MinTxid = new Txid(1),
            MaxTxid = state.Txid,
            TimestampMilliseconds = state.TimestampMilliseconds,
        };
        writer.Begin(header);
        LtxFileBuilder.AddAllPages(writer, header, new DatabaseImage(file, wal, frames), cancellationToken);

        // After a checkpoint that did not say that it was complete SQLite may have restarted the WAL, and with it
        // overwritten frames that were read here. The header is written before any frame.
        return wal is null || (wal.TryReadHeader() && wal.Header.Salts == state.Wal.Salts);
    }

    private static bool TryListFrames(WalReader? wal, WalPageList frames, ShippedState state)
    {
        if (wal is null || !wal.TryReadHeader() || wal.Header.Salts != state.Wal.Salts)
        {
            return false;
        }

        var scan = wal.Scan(wal.Header.Start, frames, state.Wal.Offset - WalHeader.Bytes);
        frames.Seal(state.Commit);
        return scan.End.Offset == state.Wal.Offset;
    }
}
