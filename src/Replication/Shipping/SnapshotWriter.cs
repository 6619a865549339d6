using System.Buffers;
using Platform.Replication.Ltx;
using Platform.Replication.Maintenance;

namespace Platform.Replication.Shipping;

/// <summary>
/// Writes a level-9 file: the whole database as of a shipped transaction, by way of a file beside it, so that neither is
/// in memory. No checkpoint runs meanwhile.
/// </summary>
internal sealed class SnapshotWriter(DatabaseReplicaOptions options, DatabaseFile file, ReplicaInventory inventory)
{
    /// <summary>What is encoded before it goes to the disk.</summary>
    private const int PieceBytes = 1 << 20;

    private readonly string _path = options.DatabasePath + "-snapshot";

    /// <summary>False when there is nothing to write, or the WAL was restarted under it.</summary>
    public async Task<bool> WriteAsync(ShippedState state, bool replacesDamaged, CancellationToken cancellationToken)
    {
        if (state.Txid == Txid.None)
        {
            return false;
        }

        try
        {
            if (!await Task.Run(() => TryEncode(state, cancellationToken), cancellationToken))
            {
                return false;
            }

            await StoreAsync(state, replacesDamaged, cancellationToken);
            inventory.Stored(
                ReplicaPath.SnapshotLevel,
                new Txid(1),
                state.Txid,
                new FileInfo(_path).Length,
                state.TimestampMilliseconds);
            return true;
        }
        finally
        {
            File.Delete(_path);
        }
    }

    private async Task StoreAsync(ShippedState state, bool replacesDamaged, CancellationToken cancellationToken)
    {
        var store = options.Store;
        var key = ReplicaPath.File(
            store.Layout, options.ReplicaPath, ReplicaPath.SnapshotLevel, new Txid(1), state.Txid);
        var timestamp = DateTimeOffset.FromUnixTimeMilliseconds(state.TimestampMilliseconds);

        // Other content is no fault here: a snapshot decides nothing, and one that a merge made of the same
        // transactions, or that was encoded by another compressor, is as good; unless it is known to be damaged.
        if (!await LtxUpload.StoreFileAsync(store, key, _path, timestamp, cancellationToken) && replacesDamaged)
        {
            await store.DeleteAsync([key], cancellationToken);
            await store.CreateFromFileAsync(key, _path, timestamp, cancellationToken);
        }
    }

    private bool TryEncode(ShippedState state, CancellationToken cancellationToken)
    {
        if (!ShippedImage.TryOpen(file, state, out var image))
        {
            return false;
        }

        using (image)
        {
            Encode(image.Pages, state, cancellationToken);
            return image.WasIntact;
        }
    }

    private void Encode(DatabaseImage image, ShippedState state, CancellationToken cancellationToken)
    {
        var header = new LtxHeader
        {
            PageSize = state.PageBytes,
            Commit = state.Commit,
            MinTxid = new Txid(1),
            MaxTxid = state.Txid,
            TimestampMilliseconds = state.TimestampMilliseconds,
        };
        using var destination = File.OpenHandle(_path, FileMode.Create, FileAccess.Write);
        using var writer = new LtxWriter();
        var scratch = ArrayPool<byte>.Shared.Rent(header.PageSize);
        try
        {
            writer.Begin(header);
            for (var page = 1u; page <= header.Commit; page++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (page != header.LockPage)
                {
                    writer.AddPage(page, image.ReadPage(page, scratch.AsSpan(0, header.PageSize)));
                }

                if (writer.Length >= PieceBytes)
                {
                    writer.DrainTo(destination);
                }
            }

            writer.Complete();
            writer.DrainTo(destination);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }
}
