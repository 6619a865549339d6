using System.Buffers;
using Platform.Replication.Ltx;
using Platform.Replication.Restoring;
using Platform.Replication.Wal;

namespace Platform.Replication.Shipping;

/// <summary>
/// Decides whether the local database is what the replica's newest transaction says it is. It must be proved; whatever
/// cannot be is restored. Three proofs: the whole file's hash after a clean close; a file that nobody wrote to since
/// it held that transaction; and a WAL that holds, frame by frame, what the newest file of the replica holds.
/// </summary>
internal sealed class LocalProof(DatabaseReplicaOptions options, DatabaseFile file, PositionStore positions)
{
    /// <summary>The state to go on from; null when there is no proof.</summary>
    public async Task<ShippedState?> TryAsync(
        PositionRecord record, IReadOnlyList<ListedFile> listed, ListedFile newest, CancellationToken cancellationToken)
    {
        if (record.Lineage != options.Lineage || file.Stamp() is not { } stamp || record.Position > newest.File.Max)
        {
            return null;
        }

        if (record.IsClean)
        {
            return stamp.Bytes == record.DatabaseBytes && file.WalFileBytes == 0
                && await OfFileAsync(record, listed, newest, cancellationToken) is { } state
                && await Task.Run(() => PositionStore.Hash(file.Path), cancellationToken) == record.ContentHash
                    ? state
                    : null;
        }

        var isUntouched = positions.IsThisBoot(record)
            && (record.DatabaseBytes == PositionRecord.UnknownBytes
                || (stamp.Bytes, stamp.ModifiedTicks) == (record.DatabaseBytes, record.ModifiedTicks));
        return isUntouched
            ? await OfWalAsync(newest, cancellationToken) ?? await OfFileAsync(record, listed, newest, cancellationToken)
            : null;
    }

    /// <summary>
    /// The local file as the transaction that its record names, older than the newest: what came since can be applied
    /// to a copy of it. Null when there is no proof, or when there is a WAL, which may hold what was never shipped.
    /// </summary>
    public async Task<ShippedState?> TryOlderAsync(
        PositionRecord record, IReadOnlyList<ListedFile> listed, ListedFile newest, CancellationToken cancellationToken)
    {
        if (record.Lineage != options.Lineage || file.Stamp() is not { } stamp || file.WalFileBytes != 0
            || record.Position >= newest.File.Max || stamp.Bytes != record.DatabaseBytes
            || await OfNamedAsync(record, listed, cancellationToken) is not { } state)
        {
            return null;
        }

        var isProved = record.IsClean
            ? await Task.Run(() => PositionStore.Hash(file.Path), cancellationToken) == record.ContentHash
            : positions.IsThisBoot(record) && stamp.ModifiedTicks == record.ModifiedTicks;
        return isProved ? state : null;
    }

    // The record's transaction is the newest one, and the object that it names is still the same.
    private async Task<ShippedState?> OfFileAsync(
        PositionRecord record, IReadOnlyList<ListedFile> listed, ListedFile newest, CancellationToken cancellationToken) =>
        record.Position == newest.File.Max ? await OfNamedAsync(record, listed, cancellationToken) : null;

    // The object that the record names is still the one that ended with the record's transaction.
    private async Task<ShippedState?> OfNamedAsync(
        PositionRecord record, IReadOnlyList<ListedFile> listed, CancellationToken cancellationToken)
    {
        var named = listed.FirstOrDefault(entry => entry.Key == record.Key);
        if (named is null || named.File.Max != record.Position)
        {
            return null;
        }

        var header = await RestorePlanner.ReadHeaderAsync(options.Store, named.Key, cancellationToken);
        var checksum = new byte[LtxTrailer.ChecksumBytes];
        await RestorePlanner.ReadAsync(
            options.Store, named.Key, named.Bytes - checksum.Length, checksum, cancellationToken);
        var isSame = LtxTrailer.FileChecksum(checksum) == record.Checksum
            && record.DatabaseBytes == (long)header.Commit * header.PageSize;
        return isSame ? StateOf(header, named.Key, record.Checksum) with { IsInFile = true } : null;
    }

    // The newest file came from the WAL that is still here: its range lies within it, and page for page they agree.
    private async Task<ShippedState?> OfWalAsync(ListedFile newest, CancellationToken cancellationToken)
    {
        using var wal = WalReader.TryOpen(file.WalPath);
        if (newest.File.Level != 0 || wal is null || !wal.TryReadHeader())
        {
            return null;
        }

        var header = await RestorePlanner.ReadHeaderAsync(options.Store, newest.Key, cancellationToken);
        var salts = new WalSalts(header.WalSalt1, header.WalSalt2);
        if (header.WalOffset == 0 || salts != wal.Header.Salts || header.PageSize != wal.Header.PageBytes)
        {
            return null;
        }

        using var frames = new WalPageList();
        var end = header.WalOffset + header.WalSize;
        var scan = wal.Scan(wal.Header.Start, frames, end - WalHeader.Bytes);
        if (scan.End.Offset != end || scan.Commit != header.Commit)
        {
            return null;
        }

        frames.Seal(scan.Commit);
        var checksum = await CompareAsync(newest, new DatabaseImage(file, wal, frames), cancellationToken);
        return checksum is { } same ? StateOf(header, newest.Key, same) with { Wal = scan.End } : null;
    }

    // The file's checksum when each of its pages is what the image has; null when one is not.
    private async Task<ulong?> CompareAsync(
        ListedFile newest, DatabaseImage image, CancellationToken cancellationToken)
    {
        await using var content = await options.Store.OpenReadAsync(newest.Key, 0, length: null, cancellationToken)
            ?? throw new RestoreException(newest.Key, "it was listed and is gone.", "Try again.");
        var pages = ArrayPool<byte>.Shared.Rent(2 * LtxFormat.PageSizeMax);
        try
        {
            using var reader = await LtxReader.OpenAsync(content, cancellationToken);
            var pageBytes = reader.Header.PageSize;
            while (await reader.ReadPageAsync(pages.AsMemory(0, pageBytes), cancellationToken) is > 0 and var number)
            {
                if (!image.ReadPage(number, pages.AsSpan(pageBytes, pageBytes)).SequenceEqual(pages.AsSpan(0, pageBytes)))
                {
                    return null;
                }
            }

            return reader.FileChecksum;
        }
        catch (LtxException fault)
        {
            throw RestorePlanner.Damaged(newest.Key, fault);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(pages);
        }
    }

    private static ShippedState StateOf(in LtxHeader header, string key, ulong checksum) => new()
    {
        Txid = header.MaxTxid,
        Commit = header.Commit,
        PageBytes = header.PageSize,
        TimestampMilliseconds = header.TimestampMilliseconds,
        Key = key,
        Checksum = checksum,
    };
}
