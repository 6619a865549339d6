using Platform.Replication.Ltx;

namespace Platform.Replication.Compaction;

/// <summary>
/// Merges LTX files that follow one another into one that takes their place: of each page the newest version, the
/// first transaction of the first, and commit, last transaction and time of the last. Verifies all of every input;
/// holds one page and one buffer of each in memory, and the output.
/// </summary>
public static class LtxMerger
{
    /// <summary>
    /// Merges <paramref name="inputs"/>, oldest first, each a whole file. Ranges touch or overlap forward. What is
    /// returned belongs to <paramref name="output"/> and is valid until its next use; the streams stay the caller's.
    /// </summary>
    /// <exception cref="LtxException">An input is damaged, the ranges leave a gap, or pages are missing.</exception>
    public static async Task<ReadOnlyMemory<byte>> MergeAsync(
        IReadOnlyList<Stream> inputs, LtxWriter output, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentOutOfRangeException.ThrowIfZero(inputs.Count);
        var cursors = new List<MergeCursor>(inputs.Count);
        try
        {
            foreach (var input in inputs)
            {
                cursors.Add(new MergeCursor(await LtxReader.OpenAsync(input, cancellationToken)));
            }

            RequireContiguous(cursors);
            output.Begin(MergedHeader(cursors));
            await MergePagesAsync(cursors, output, cancellationToken);
            return output.Complete();
        }
        finally
        {
            cursors.ForEach(static cursor => cursor.Dispose());
        }
    }

    private static LtxHeader MergedHeader(List<MergeCursor> cursors) => cursors[^1].Header with
    {
        MinTxid = cursors[0].Header.MinTxid,
        WalOffset = 0,
        WalSize = 0,
        WalSalt1 = 0,
        WalSalt2 = 0,
    };

    private static void RequireContiguous(List<MergeCursor> cursors)
    {
        for (var index = 1; index < cursors.Count; index++)
        {
            var (older, newer) = (cursors[index - 1].Header, cursors[index].Header);
            if (older.PageSize != newer.PageSize)
            {
                throw new LtxException(
                    LtxFault.PageSizeMismatch, $"pages of {newer.PageSize} bytes follow pages of {older.PageSize}.");
            }

            if (newer.MinTxid.Value - 1 > older.MaxTxid.Value || newer.MaxTxid <= older.MaxTxid)
            {
                throw new LtxException(
                    LtxFault.NotContiguous,
                    $"{newer.MinTxid}-{newer.MaxTxid} does not continue {older.MinTxid}-{older.MaxTxid}.");
            }
        }
    }

    private static async Task MergePagesAsync(
        List<MergeCursor> cursors, LtxWriter output, CancellationToken cancellationToken)
    {
        var survivors = new Survivors(cursors);
        var queue = new PriorityQueue<int, (uint Page, int Age)>(cursors.Count);
        for (var index = 0; index < cursors.Count; index++)
        {
            await AdvanceAsync(index);
        }

        uint last = 0;
        while (queue.TryDequeue(out var index, out var place))
        {
            var cursor = cursors[index];
            if (place.Page != last && survivors.Include(index, place.Page))
            {
                cursor.CopyPageTo(output);
            }

            last = place.Page;
            await AdvanceAsync(index);
        }

        survivors.Complete();

        async ValueTask AdvanceAsync(int index)
        {
            if (await cursors[index].MoveNextAsync(cancellationToken))
            {
                // Of one page number the newest version leaves the queue first.
                queue.Enqueue(index, (cursors[index].PageNumber, cursors.Count - index));
            }
        }
    }
}
