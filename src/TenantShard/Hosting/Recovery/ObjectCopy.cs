using Platform.Replication.ObjectStore;

namespace Platform.TenantShard.Hosting.Recovery;

/// <summary>
/// Copies objects, a few at a time: small ones through memory, others through local disk. Create-only: a copy that was
/// cut off is gone on with, and nothing is ever replaced.
/// </summary>
internal sealed class ObjectCopy(IObjectStore store, string scratchPath, TimeProvider clock)
{
    private const int Parallelism = 8;

    /// <summary>Above it an object goes through the disk; times the parallelism, the memory of copying.</summary>
    private const long InMemoryBytesMax = 1 << 20;

    /// <summary>Copies objects under a prefix to another one; returns how many there were.</summary>
    public async Task<int> RunAsync(
        IAsyncEnumerable<ObjectEntry> objects, string fromPrefix, string toPrefix, CancellationToken cancellationToken)
    {
        var copied = 0;
        var parallelism = new ParallelOptions
        {
            MaxDegreeOfParallelism = Parallelism,
            CancellationToken = cancellationToken,
        };
        await Parallel.ForEachAsync(
            objects,
            parallelism,
            async (entry, cancel) =>
            {
                await CopyAsync(entry, toPrefix + entry.Key[fromPrefix.Length..], cancel);
                Interlocked.Increment(ref copied);
            });
        return copied;
    }

    private async Task CopyAsync(ObjectEntry entry, string to, CancellationToken cancellationToken)
    {
        if (entry.Bytes <= InMemoryBytesMax)
        {
            // One that was deleted after the listing is not the copy's any more.
            if (await store.GetAsync(entry.Key, InMemoryBytesMax, cancellationToken) is { } content)
                await store.CreateAsync(to, content, clock.GetUtcNow(), cancellationToken);
            return;
        }

        var path = Path.Combine(scratchPath, Path.GetRandomFileName());
        try
        {
            if (await TryDownloadAsync(entry.Key, path, cancellationToken))
                await store.CreateFromFileAsync(to, path, clock.GetUtcNow(), cancellationToken);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private async Task<bool> TryDownloadAsync(string key, string path, CancellationToken cancellationToken)
    {
        await using var source = await store.OpenReadAsync(key, offset: 0, length: null, cancellationToken);
        if (source is null) return false;
        await using var file = new FileStream(
            path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true);
        await source.CopyToAsync(file, cancellationToken);
        return true;
    }
}
