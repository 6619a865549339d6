using Platform.Replication.Ltx;
using Platform.Replication.Maintenance;

namespace Platform.Replication.Shipping;

/// <summary>Writes a level-9 file: the whole database as of a shipped transaction. No checkpoint runs meanwhile.</summary>
internal sealed class SnapshotWriter(DatabaseReplicaOptions options, DatabaseFile file, ReplicaInventory inventory)
{
    /// <summary>False when there is nothing to write, or the WAL was restarted under it.</summary>
    public async Task<bool> WriteAsync(ShippedState state, bool replacesDamaged, CancellationToken cancellationToken)
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
        await StoreAsync(content, state, replacesDamaged, cancellationToken);
        inventory.Stored(
            ReplicaPath.SnapshotLevel, new Txid(1), state.Txid, content.Length, state.TimestampMilliseconds);

        // Not given back when the upload failed: it may still be reading (see PendingFile).
        writer.Dispose();
        return true;
    }

    private async Task StoreAsync(
        ReadOnlyMemory<byte> content, ShippedState state, bool replacesDamaged, CancellationToken cancellationToken)
    {
        var key = ReplicaPath.File(
            options.Store.Layout, options.ReplicaPath, ReplicaPath.SnapshotLevel, new Txid(1), state.Txid);
        var timestamp = DateTimeOffset.FromUnixTimeMilliseconds(state.TimestampMilliseconds);

        // Other content is no fault here: a snapshot decides nothing, and one that a merge made of the same
        // transactions, or that was encoded by another compressor, is as good; unless it is known to be damaged.
        if (!await LtxUpload.StoreAsync(options.Store, key, content, timestamp, cancellationToken) && replacesDamaged)
        {
            await options.Store.DeleteAsync([key], cancellationToken);
            await options.Store.CreateAsync(key, content, timestamp, cancellationToken);
        }
    }

    private bool TryEncode(LtxWriter writer, ShippedState state, CancellationToken cancellationToken)
    {
        if (!ShippedImage.TryOpen(file, state, out var image))
        {
            return false;
        }

        using (image)
        {
            var header = new LtxHeader
            {
                PageSize = state.PageBytes,
                Commit = state.Commit,
                MinTxid = new Txid(1),
                MaxTxid = state.Txid,
                TimestampMilliseconds = state.TimestampMilliseconds,
            };
            writer.Begin(header);
            LtxFileBuilder.AddAllPages(writer, header, image.Pages, cancellationToken);
            return image.WasIntact;
        }
    }
}
