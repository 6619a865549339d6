using Microsoft.Extensions.Logging;
using Platform.Replication.Ltx;
using Platform.Replication.Maintenance;
using Platform.Replication.ObjectStore;
using Platform.Replication.Shipping;

namespace Platform.Replication.Compaction;

/// <summary>
/// Carries out one merge: downloads the inputs, verifies and merges them in memory, and stores the result under a name
/// that only its range decides. It may be cut off anywhere and repeated: the same inputs give the same bytes.
/// </summary>
internal sealed partial class CompactionRun(
    DatabaseReplicaOptions replica, ReplicaInventory inventory, UpkeepOptions options, ReplicationMetrics? metrics)
{
    private readonly ILogger _logger = replica.Logger;

    /// <summary>False when an input is damaged; it is noted, and never tried again.</summary>
    /// <exception cref="FileGoneException">An input is not there.</exception>
    /// <exception cref="ObjectStoreException">Object storage failed; try again later.</exception>
    public async Task<bool> RunAsync(Merge merge, CancellationToken cancellationToken)
    {
        var inputs = await DownloadAsync(merge, cancellationToken);
        var writer = new LtxWriter();
        ReadOnlyMemory<byte> output;
        try
        {
            output = await Task.Run(() => MergeAsync(inputs, writer, cancellationToken), cancellationToken);
        }
        catch (LtxException fault)
        {
            writer.Dispose();
            await BlameAsync(merge, inputs, fault, cancellationToken);
            metrics?.Compacted(merge.Level, "damaged", inputs.Sum(static input => (long)input.Length), 0);
            return false;
        }

        var isStored = await StoreAsync(merge, inputs[^1], output, cancellationToken);
        metrics?.Compacted(
            merge.Level, isStored ? "ok" : "refused", inputs.Sum(static input => (long)input.Length), output.Length);

        // Not given back when the upload failed: it may still be reading (see PendingFile).
        writer.Dispose();
        return isStored;
    }

    private async Task<byte[][]> DownloadAsync(Merge merge, CancellationToken cancellationToken)
    {
        var contents = new byte[merge.Inputs.Count][];
        var parallelism = new ParallelOptions
        {
            MaxDegreeOfParallelism = options.DownloadParallelism,
            CancellationToken = cancellationToken,
        };
        await Parallel.ForAsync(0, contents.Length, parallelism, async (index, cancel) =>
        {
            var key = Key(merge.Inputs[index]);
            contents[index] = await replica.Store.GetAsync(key, options.MergeBytesMax, cancel)
                ?? throw new FileGoneException(key);
        });
        return contents;
    }

    private static async Task<ReadOnlyMemory<byte>> MergeAsync(
        byte[][] inputs, LtxWriter writer, CancellationToken cancellationToken)
    {
        var streams = inputs.Select(static input => new MemoryStream(input, writable: false)).ToArray();
        return await LtxMerger.MergeAsync(streams, writer, cancellationToken);
    }

    private async Task<bool> StoreAsync(
        Merge merge, byte[] last, ReadOnlyMemory<byte> output, CancellationToken cancellationToken)
    {
        var (min, max) = (merge.Inputs[0].Min, merge.Inputs[^1].Max);
        var key = ReplicaPath.File(replica.Store.Layout, replica.ReplicaPath, merge.Level, min, max);
        var milliseconds = LtxHeader.Parse(last).TimestampMilliseconds;
        var isStored = await LtxUpload.StoreAsync(
            replica.Store, key, output, DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), cancellationToken);
        inventory.Stored(merge.Level, min, max, output.Length, milliseconds);
        if (!isStored)
        {
            // Whoever wrote it, it replaces nothing: the files that it was to be made of stay.
            inventory.Damaged(merge.Level, min, max);
            LogForeignContent(replica.ReplicaPath, key);
        }

        return isStored;
    }

    // Which input it was matters: the others are merged without it. When each is whole by itself they do not fit
    // together, and the last one is taken out.
    private async Task BlameAsync(
        Merge merge, byte[][] inputs, LtxException fault, CancellationToken cancellationToken)
    {
        var guilty = inputs.Length - 1;
        for (var index = 0; index < inputs.Length; index++)
        {
            if (!await IsWholeAsync(merge.Inputs[index], inputs[index], cancellationToken))
            {
                guilty = index;
                break;
            }
        }

        var file = merge.Inputs[guilty];
        inventory.Damaged(file.Level, file.Min, file.Max);
        LogDamaged(fault, replica.ReplicaPath, Key(file));
    }

    private static async Task<bool> IsWholeAsync(KnownFile file, byte[] content, CancellationToken cancellationToken)
    {
        var page = new byte[LtxFormat.PageSizeMax];
        try
        {
            using var stream = new MemoryStream(content, writable: false);
            using var reader = await LtxReader.OpenAsync(stream, cancellationToken);
            while (await reader.ReadPageAsync(page, cancellationToken) != 0)
            {
            }

            return (reader.Header.MinTxid, reader.Header.MaxTxid) == (file.Min, file.Max);
        }
        catch (LtxException)
        {
            return false;
        }
    }

    private string Key(in KnownFile file) => file.Key(replica.Store.Layout, replica.ReplicaPath);

    [LoggerMessage(1020, LogLevel.Error,
        "Replica {ReplicaPath}: {Key} is damaged. A snapshot makes the newest state restorable again; moments that need "
        + "this object are lost unless it is put back from a copy of the bucket")]
    private partial void LogDamaged(LtxException fault, string replicaPath, string key);

    [LoggerMessage(1021, LogLevel.Warning,
        "Replica {ReplicaPath}: {Key} exists with another content than its inputs give; it is not relied on")]
    private partial void LogForeignContent(string replicaPath, string key);
}
