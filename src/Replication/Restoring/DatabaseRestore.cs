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
    /// Applies files, oldest first, to nothing or to a copy of <paramref name="from"/>, which is the transaction before
    /// the first of them.
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
            Replace(incoming, options.DestinationPath);
            return restored;
        }
        finally
        {
            File.Delete(incoming);
        }
    }

    private static async Task<RestoredDatabase> ApplyAsync(
        RestoreOptions options,
        IReadOnlyList<ListedFile> files,
        FileApplier applier,
        IProgress<RestoreProgress>? progress,
        CancellationToken cancellationToken)
    {
        var (bytesDone, bytesTotal) = (0L, files.Sum(listed => listed.Bytes));
        using var parts = PartsOf(files, options.PartBytes).GetEnumerator();
        await using var source = new PartSource(options.Store, parts, options.Parallelism, options.Memory);
        for (var index = 0; index < files.Count; index++)
        {
            await using var content = new PartStream(source, files[index].Bytes);
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

    private static void Replace(string incoming, string destination)
    {
        // Those of the file that is about to be replaced: SQLite must not apply them to the new one.
        File.Delete(destination + "-wal");
        File.Delete(destination + "-shm");
        File.Delete(destination + "-journal");
        File.Move(incoming, destination, overwrite: true);
    }
}
