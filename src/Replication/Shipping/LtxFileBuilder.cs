using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Platform.Replication.Ltx;
using Platform.Replication.ObjectStore;
using Platform.Replication.Wal;

namespace Platform.Replication.Shipping;

/// <summary>
/// Turns committed frames into the next level-0 file. A reader of such a file must find in it every page between the
/// previous size of the database and the new one, and no page above; a transaction that shrinks the database, the
/// first one, and one whose WAL is not gapless are written as an image of the whole database. A large one goes to the
/// disk beside the database while it is made.
/// </summary>
internal sealed class LtxFileBuilder(
    DatabaseFile file, ReplicaLayout layout, string replicaPath, TimeProvider time, long walBytesMax)
{
    /// <summary>False when nothing was committed after <paramref name="state"/>.</summary>
    public bool TryBuild(WalReader wal, ShippedState state, [NotNullWhen(true)] out PendingFile? pending)
    {
        pending = null;
        if (!wal.TryReadHeader())
        {
            return false;
        }

        var header = wal.Header;
        var isSameRun = !state.Wal.IsNone && state.Wal.Salts == header.Salts;
        var from = isSameRun ? state.Wal : header.Start;
        using var changed = new WalPageList();
        var scan = wal.Scan(from, changed, walBytesMax);
        if (scan.Transactions == 0)
        {
            return false;
        }

        RequirePageSize(state, header.PageBytes);
        changed.Seal(scan.Commit);
        var isGapless = isSameRun || state.Wal.IsNone || state.MayRestart;
        var isWhole = state.Txid == Txid.None || !isGapless || scan.Commit < state.Commit;
        var range = new WalRange(from, scan.End, scan.Commit, isWhole, isGapless);
        pending = Encode(wal, state, changed, range);
        return true;
    }

    private PendingFile Encode(WalReader wal, ShippedState state, WalPageList changed, WalRange range)
    {
        var txid = state.Txid.Next;
        var header = new LtxHeader
        {
            PageSize = wal.Header.PageBytes,
            Commit = range.Commit,
            MinTxid = txid,
            MaxTxid = txid,
            TimestampMilliseconds = Math.Max(
                time.GetUtcNow().ToUnixTimeMilliseconds(), state.TimestampMilliseconds),
            WalOffset = range.From.Offset,
            WalSize = range.End.Offset - range.From.Offset,
            WalSalt1 = range.End.Salts.First,
            WalSalt2 = range.End.Salts.Second,
        };
        var spool = new LtxSpool(file.PendingPath);
        var scratch = ArrayPool<byte>.Shared.Rent(header.PageSize);
        try
        {
            spool.Begin(header);
            AddPages(spool, header, wal, state.Commit, changed, range, scratch);
            spool.Complete();
        }
        catch
        {
            spool.Dispose();
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }

        var key = ReplicaPath.File(layout, replicaPath, level: 0, txid, txid);
        return new PendingFile(spool, range, new ShippedState
        {
            Txid = txid,
            Wal = range.End,
            Commit = range.Commit,
            PageBytes = header.PageSize,
            TimestampMilliseconds = header.TimestampMilliseconds,
            Key = key,
            Checksum = LtxTrailer.FileChecksum(spool.Content.Span),
        });
    }

    private void AddPages(
        LtxSpool spool, in LtxHeader header, WalReader wal, uint previousCommit, WalPageList changed, WalRange range,
        byte[] scratch)
    {
        var startsRun = range.From.Offset == WalHeader.Bytes;
        if (range.IsWhole)
        {
            using var frames = startsRun ? null : AllFrames(wal, range);
            AddPages(spool, header, new DatabaseImage(file, wal, frames ?? changed), firstPage: 1, scratch);
            return;
        }

        var index = 0;
        for (; index < changed.Count && changed.PageAt(index) <= previousCommit; index++)
        {
            AddFrame(spool, header, wal, changed, index, scratch);
        }

        var grownPages = header.Commit - previousCommit
            - (header.LockPage > previousCommit && header.LockPage <= header.Commit ? 1u : 0u);
        if ((uint)(changed.Count - index) == grownPages)
        {
            for (; index < changed.Count; index++)
            {
                AddFrame(spool, header, wal, changed, index, scratch);
            }
        }
        else
        {
            using var frames = startsRun ? null : AllFrames(wal, range);
            AddPages(spool, header, new DatabaseImage(file, wal, frames ?? changed), previousCommit + 1, scratch);
        }
    }

    private static void AddFrame(
        LtxSpool spool, in LtxHeader header, WalReader wal, WalPageList changed, int index, byte[] scratch)
    {
        if (changed.PageAt(index) != header.LockPage)
        {
            spool.AddPage(changed.PageAt(index), wal.ReadPage(changed.FrameAt(index), scratch));
        }
    }

    // All of a database, or what it grew by: SQLite does not write pages that it allocated and freed within one
    // transaction, and the holes are filled from what the image has there.
    private static void AddPages(
        LtxSpool spool, in LtxHeader header, DatabaseImage image, uint firstPage, byte[] scratch)
    {
        for (var page = firstPage; page <= header.Commit; page++)
        {
            if (page != header.LockPage)
            {
                spool.AddPage(page, image.ReadPage(page, scratch.AsSpan(0, header.PageSize)));
            }
        }
    }

    private static WalPageList AllFrames(WalReader wal, WalRange range)
    {
        var frames = new WalPageList();
        wal.Scan(wal.Header.Start, frames, range.End.Offset - WalHeader.Bytes);
        frames.Seal(range.Commit);
        return frames;
    }

    private void RequirePageSize(ShippedState state, int pageBytes)
    {
        if (state.PageBytes != 0 && state.PageBytes != pageBytes)
        {
            throw new InvalidDataException(
                $"'{file.Path}' has pages of {pageBytes} bytes, its replica of {state.PageBytes}. A replica keeps its "
                + "page size for life: remove the replica, or restore from it.");
        }
    }
}
