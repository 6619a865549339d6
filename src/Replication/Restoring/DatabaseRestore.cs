using Microsoft.Win32.SafeHandles;
using Platform.Replication.Ltx;

namespace Platform.Replication.Restoring;

/// <summary>
/// Makes a database file from a replica: the newest usable snapshot, then the files that continue it. Everything is
/// verified (each file's checksum and order of pages, the line of transactions, one page size) in a file beside the
/// destination, which takes its place only when it is complete.
/// </summary>
public static class DatabaseRestore
{
    /// <summary>Listings of one restore. Retention deletes rarely, so that two already hardly ever are needed.</summary>
    private const int AttemptsMax = 3;

    /// <summary>What is applied to a file in place is in memory at once.</summary>
    private const int InPlaceBytesMax = 8 << 20;

    /// <summary>Restores the newest transaction, a given one, or the last one before a moment.</summary>
    /// <exception cref="RestoreException">The replica cannot give that; the destination is untouched.</exception>
    /// <exception cref="ObjectStore.ObjectStoreException">Object storage failed; the destination is untouched.</exception>
    public static async Task<RestoredDatabase> RestoreAsync(
        RestoreOptions options,
        RestoreTarget target,
        IProgress<RestoreProgress>? progress,
        CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var files = await ReplicaListing.ListAsync(options.Store, options.ReplicaPath, cancellationToken);
            try
            {
                return await RestoreAsync(options, files, target, progress, beforeReplace: null, cancellationToken);
            }
            catch (RestoreException gone) when (gone.IsGone && attempt < AttemptsMax)
            {
                // Retention went on after the listing: what it removed is in a merged file or a snapshot by now.
            }
        }
    }

    /// <summary>Restores from a listing that was made already.</summary>
    internal static async Task<RestoredDatabase> RestoreAsync(
        RestoreOptions options,
        IReadOnlyList<ListedFile> listed,
        RestoreTarget target,
        IProgress<RestoreProgress>? progress,
        Action? beforeReplace,
        CancellationToken cancellationToken)
    {
        var files = await RestorePlanner.PlanAsync(options, listed, target, cancellationToken);
        return await RestoreAsync(options, from: null, files, progress, beforeReplace, cancellationToken);
    }

    /// <summary>
    /// Applies files, oldest first, to nothing or to <paramref name="from"/>, which is the transaction before the first
    /// of them: in place when they are small, else to a copy of it.
    /// </summary>
    internal static async Task<RestoredDatabase> RestoreAsync(
        RestoreOptions options,
        RestoreBase? from,
        IReadOnlyList<ListedFile> files,
        IProgress<RestoreProgress>? progress,
        Action? beforeReplace,
        CancellationToken cancellationToken)
    {
        var incoming = options.DestinationPath + "-restoring";
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(options.DestinationPath))!);
        try
        {
            if (from is not null && files.Sum(listed => listed.Bytes) <= InPlaceBytesMax)
            {
                return await ContinueAsync(options, from, incoming, files, progress, beforeReplace, cancellationToken);
            }

            RestoredDatabase restored;
            if (from is not null)
            {
                await Task.Run(() => File.Copy(from.Path, incoming, overwrite: true), cancellationToken);
            }

            var mode = from is null ? FileMode.Create : FileMode.Open;
            using (var file = File.OpenHandle(incoming, mode, FileAccess.Write))
            {
                using var applier = new FileApplier(file, from?.Bytes ?? 0, from?.PageBytes ?? 0);
                restored = await ApplyAsync(options, files, applier, progress, cancellationToken);
                if (options.IsDurable)
                {
                    RandomAccess.FlushToDisk(file);
                }
            }

            beforeReplace?.Invoke();
            RemoveLeftovers(options.DestinationPath);
            File.Move(incoming, options.DestinationPath, overwrite: true);
            return restored;
        }
        finally
        {
            File.Delete(incoming);
        }
    }

    /// <summary>
    /// Brings a large file up to date without a copy of it. Everything is downloaded and proved beside it first, so that
    /// neither a fault of the store nor a damaged file touches it; from <paramref name="beforeWrite"/> on it proves nothing
    /// until it is complete.
    /// </summary>
    private static async Task<RestoredDatabase> ContinueAsync(
        RestoreOptions options,
        RestoreBase from,
        string scratchPath,
        IReadOnlyList<ListedFile> files,
        IProgress<RestoreProgress>? progress,
        Action? beforeWrite,
        CancellationToken cancellationToken)
    {
        var kept = new byte[files.Count][];
        using (var parts = PartsOf(files, options.PartBytes).GetEnumerator())
        {
            await using var source = new PartSource(options.Store, parts, options.Parallelism, options.Memory);
            for (var index = 0; index < files.Count; index++)
            {
                await using var content = new PartStream(source, files[index].Bytes);
                kept[index] = new byte[files[index].Bytes];
                await content.ReadExactlyAsync(kept[index], cancellationToken);
            }
        }

        // Holds the pages that change, and holes between them.
        using (var scratch = File.OpenHandle(scratchPath, FileMode.Create, FileAccess.Write))
        {
            await ApplyKeptAsync(scratch, null, cancellationToken);
        }

        cancellationToken.ThrowIfCancellationRequested();
        beforeWrite?.Invoke();
        RemoveLeftovers(from.Path);
        using var file = File.OpenHandle(from.Path, FileMode.Open, FileAccess.Write);
        var restored = await ApplyKeptAsync(file, progress, CancellationToken.None);
        if (options.IsDurable)
        {
            RandomAccess.FlushToDisk(file);
        }

        return restored;

        async Task<RestoredDatabase> ApplyKeptAsync(
            SafeFileHandle to, IProgress<RestoreProgress>? told, CancellationToken cancelled)
        {
            using var applier = new FileApplier(to, from.Bytes, from.PageBytes);
            return await ApplyAsync(files, index => new MemoryStream(kept[index]), applier, told, cancelled);
        }
    }

    private static async Task<RestoredDatabase> ApplyAsync(
        RestoreOptions options,
        IReadOnlyList<ListedFile> files,
        FileApplier applier,
        IProgress<RestoreProgress>? progress,
        CancellationToken cancellationToken)
    {
        using var parts = PartsOf(files, options.PartBytes).GetEnumerator();
        await using var source = new PartSource(options.Store, parts, options.Parallelism, options.Memory);
        return await ApplyAsync(
            files, index => new PartStream(source, files[index].Bytes), applier, progress, cancellationToken);
    }

    private static async Task<RestoredDatabase> ApplyAsync(
        IReadOnlyList<ListedFile> files,
        Func<int, Stream> contentOf,
        FileApplier applier,
        IProgress<RestoreProgress>? progress,
        CancellationToken cancellationToken)
    {
        var (bytesDone, bytesTotal) = (0L, files.Sum(listed => listed.Bytes));
        for (var index = 0; index < files.Count; index++)
        {
            await using var content = contentOf(index);
            try
            {
                await applier.ApplyAsync(files[index], content, cancellationToken);
            }
            catch (LtxException fault)
            {
                throw RestorePlanner.Damaged(files[index].Key, fault);
            }

            bytesDone += files[index].Bytes;
            progress?.Report(new RestoreProgress(index + 1, files.Count, bytesDone, bytesTotal));
        }

        var header = applier.Header;
        return new RestoredDatabase(
            header.MaxTxid,
            header.PageSize,
            header.Commit,
            DateTimeOffset.FromUnixTimeMilliseconds(header.TimestampMilliseconds),
            files[^1].Key,
            applier.Checksum);
    }

    private static IEnumerable<ObjectPart> PartsOf(IEnumerable<ListedFile> files, int partBytes)
    {
        foreach (var file in files)
        {
            for (var offset = 0L; offset < file.Bytes; offset += partBytes)
            {
                yield return new ObjectPart(file.Key, offset, (int)Math.Min(partBytes, file.Bytes - offset));
            }
        }
    }

    /// <summary>Those of the file that is about to change: SQLite must not apply them to the new one.</summary>
    private static void RemoveLeftovers(string destination)
    {
        File.Delete(destination + "-wal");
        File.Delete(destination + "-shm");
        File.Delete(destination + "-journal");
    }
}
