using System.Runtime.CompilerServices;
using Platform.Replication.ObjectStore;

namespace Platform.Replication.Maintenance;

/// <summary>Counts what is asked of a store, by kind, and its bytes. The inner store is not disposed of.</summary>
public sealed class MeteredObjectStore(IObjectStore inner, ReplicationMetrics metrics, TimeProvider time) : IObjectStore
{
    /// <inheritdoc/>
    public ReplicaLayout Layout => inner.Layout;

    /// <inheritdoc/>
    public string Description => inner.Description;

    /// <inheritdoc/>
    public async Task<bool> CreateAsync(
        string key, ReadOnlyMemory<byte> content, DateTimeOffset timestamp, CancellationToken cancellationToken)
    {
        metrics.Sent(content.Length);
        return await MeasureAsync("create", () => inner.CreateAsync(key, content, timestamp, cancellationToken));
    }

    /// <inheritdoc/>
    public async Task<bool> CreateFromFileAsync(
        string key, string path, DateTimeOffset timestamp, CancellationToken cancellationToken)
    {
        metrics.Sent(new FileInfo(path).Length);
        return await MeasureAsync("create", () => inner.CreateFromFileAsync(key, path, timestamp, cancellationToken));
    }

    /// <inheritdoc/>
    public Task PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        metrics.Sent(content.Length);
        return MeasureAsync("put", async () =>
        {
            await inner.PutAsync(key, content, cancellationToken);
            return true;
        });
    }

    /// <inheritdoc/>
    public async Task<byte[]?> GetAsync(string key, long bytesMax, CancellationToken cancellationToken)
    {
        var content = await MeasureAsync("get", () => inner.GetAsync(key, bytesMax, cancellationToken));
        metrics.Read(content?.Length ?? 0);
        return content;
    }

    /// <inheritdoc/>
    public async Task<Stream?> OpenReadAsync(string key, long offset, long? length, CancellationToken cancellationToken)
    {
        var stream = await MeasureAsync("get", () => inner.OpenReadAsync(key, offset, length, cancellationToken));
        return stream is null ? null : new MeteredStream(stream, metrics);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectEntry> ListAsync(
        string prefix, string? startAfter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // One request for each thousand entries, as S3 gives them; a folder's are counted alike.
        const int EntriesPerRequest = 1000;
        var entries = 0;
        var started = time.GetTimestamp();
        await foreach (var entry in inner.ListAsync(prefix, startAfter, cancellationToken))
        {
            if (++entries % EntriesPerRequest == 0)
            {
                metrics.Requested("list", "ok", time.GetElapsedTime(started).TotalSeconds);
                started = time.GetTimestamp();
            }

            yield return entry;
        }

        metrics.Requested("list", "ok", time.GetElapsedTime(started).TotalSeconds);
    }

    /// <inheritdoc/>
    public Task DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken) =>
        MeasureAsync("delete", async () =>
        {
            await inner.DeleteAsync(keys, cancellationToken);
            return true;
        });

    private async Task<TResult> MeasureAsync<TResult>(string kind, Func<Task<TResult>> call)
    {
        var started = time.GetTimestamp();
        var outcome = "failed";
        try
        {
            var result = await call();
            outcome = "ok";
            return result;
        }
        finally
        {
            metrics.Requested(kind, outcome, time.GetElapsedTime(started).TotalSeconds);
        }
    }
}
