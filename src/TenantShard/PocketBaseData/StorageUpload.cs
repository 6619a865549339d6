using System.IO.Compression;
using Platform.Replication.ObjectStore;
using Platform.TenantShard.Files;

namespace Platform.TenantShard.PocketBaseData;

/// <summary>
/// Stores the files of an upload where the tenant's records look for them, a few at a time: small ones through memory,
/// others through local disk. Create-only: a file that the tenant has already is not replaced.
/// </summary>
internal sealed class StorageUpload(IObjectStore store, string tenantPath, string scratchPath, TimeProvider clock)
{
    private const int Parallelism = 8;

    /// <summary>Above it a file goes through the disk; times the parallelism, the memory of an upload.</summary>
    private const long InMemoryBytesMax = 1 << 20;

    /// <exception cref="ImportRefusedException">A file is damaged, or its name is that of another one.</exception>
    /// <exception cref="ObjectStoreException">Object storage failed; some files may be stored.</exception>
    public Task RunAsync(
        IEnumerable<(FileReference File, ZipArchiveEntry Entry)> files, CancellationToken cancellationToken)
    {
        var parallelism = new ParallelOptions
        {
            MaxDegreeOfParallelism = Parallelism,
            CancellationToken = cancellationToken,
        };
        return Parallel.ForEachAsync(
            UnpackAsync(files, cancellationToken), parallelism, async (file, cancel) =>
            {
                try
                {
                    await StoreAsync(file, cancel);
                }
                finally
                {
                    if (file.Path is not null) File.Delete(file.Path);
                }
            });
    }

    // A zip is one stream: entries are unpacked one after the other, and stored in parallel.
    private async IAsyncEnumerable<UnpackedFile> UnpackAsync(
        IEnumerable<(FileReference File, ZipArchiveEntry Entry)> files,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var (file, entry) in files)
        {
            var key = FileKeys.Of(file.CollectionId, file.RecordId, file.Name);
            if (entry.Length <= InMemoryBytesMax)
            {
                using var content = new MemoryStream((int)entry.Length);
                await PocketBaseArchive.CopyAsync(entry, content, cancellationToken);
                yield return new UnpackedFile(key, content.GetBuffer().AsMemory(0, (int)content.Length), null);
                continue;
            }

            var path = Path.Combine(scratchPath, Path.GetRandomFileName());
            await PocketBaseArchive.ExtractAsync(entry, path, cancellationToken);
            yield return new UnpackedFile(key, default, path);
        }
    }

    private async Task StoreAsync(UnpackedFile file, CancellationToken cancellationToken)
    {
        var key = $"{tenantPath}/storage/{file.Key}";
        var isNew = file.Path is null
            ? await store.CreateAsync(key, file.Content, clock.GetUtcNow(), cancellationToken)
            : await store.CreateFromFileAsync(key, file.Path, clock.GetUtcNow(), cancellationToken);
        if (isNew) return;
        // Names hold random characters: a file of one name is the same file, from an earlier import of the same app.
        var bytes = file.Path is null ? file.Content.Length : new FileInfo(file.Path).Length;
        await foreach (var entry in store.ListAsync(key, startAfter: null, cancellationToken))
        {
            if (entry.Key == key && entry.Bytes != bytes)
                throw new ImportRefusedException(
                    $"storage/{file.Key}", "validation_not_unique",
                    "The tenant has another file of this name. Import into a new tenant.");
            return;
        }
    }

    private sealed record UnpackedFile(string Key, ReadOnlyMemory<byte> Content, string? Path);
}
