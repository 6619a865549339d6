using System.Runtime.CompilerServices;
using Platform.Replication.ObjectStore;

namespace Platform.Replication.Bench.Cost;

/// <summary>
/// Objects in memory, counted as S3 bills them: each thousand listed or deleted objects is a request, and storage is the
/// integral of its bytes over the simulated time.
/// </summary>
internal sealed class CountingStore(TimeProvider time) : IObjectStore
{
    private const int KeysPerRequest = 1000;

    private readonly SortedDictionary<string, (byte[] Content, DateTimeOffset Modified)> _objects =
        new(StringComparer.Ordinal);

    private DateTimeOffset _since = time.GetUtcNow();
    private double _byteHours;

    public ReplicaLayout Layout => ReplicaLayout.S3;

    public string Description => "memory";

    public Traffic Traffic { get; private set; } = new();

    public int Objects => _objects.Count;

    public long Bytes { get; private set; }

    /// <summary>The mean of the stored bytes since the last call of <see cref="Reset"/>.</summary>
    public double MeanBytes(TimeSpan period)
    {
        Accrue();
        return _byteHours / period.TotalHours;
    }

    /// <summary>Counts from here on.</summary>
    public void Reset()
    {
        Accrue();
        (_byteHours, Traffic) = (0, new Traffic());
    }

    public Task<bool> CreateAsync(
        string key, ReadOnlyMemory<byte> content, DateTimeOffset timestamp, CancellationToken cancellationToken)
    {
        Traffic.Puts++;
        Traffic.BytesWritten += content.Length;
        if (_objects.ContainsKey(key))
        {
            return Task.FromResult(false);
        }

        Accrue();
        _objects[key] = (content.ToArray(), time.GetUtcNow());
        Bytes += content.Length;
        return Task.FromResult(true);
    }

    public Task PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Replication only creates.");

    public Task<byte[]?> GetAsync(string key, long bytesMax, CancellationToken cancellationToken)
    {
        Traffic.Gets++;
        var content = _objects.TryGetValue(key, out var found) ? found.Content : null;
        Traffic.BytesRead += content?.Length ?? 0;
        return Task.FromResult(content);
    }

    public Task<Stream?> OpenReadAsync(string key, long offset, long? length, CancellationToken cancellationToken)
    {
        Traffic.Gets++;
        if (!_objects.TryGetValue(key, out var found))
        {
            return Task.FromResult<Stream?>(null);
        }

        var start = (int)Math.Min(offset, found.Content.Length);
        var bytes = (int)Math.Min(length ?? long.MaxValue, found.Content.Length - start);
        Traffic.BytesRead += bytes;
        return Task.FromResult<Stream?>(new MemoryStream(found.Content, start, bytes, writable: false));
    }

    public async IAsyncEnumerable<ObjectEntry> ListAsync(
        string prefix, string? startAfter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        var count = 0;
        Traffic.Lists++;
        foreach (var (key, value) in _objects.ToArray())
        {
            if (key.StartsWith(prefix, StringComparison.Ordinal)
                && (startAfter is null || string.CompareOrdinal(key, startAfter) > 0))
            {
                Traffic.Lists += ++count % KeysPerRequest == 0 ? 1 : 0;
                yield return new ObjectEntry(key, value.Content.Length, value.Modified);
            }
        }
    }

    public Task DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        Traffic.Deletes += (keys.Count + KeysPerRequest - 1) / KeysPerRequest;
        Accrue();
        foreach (var key in keys)
        {
            if (_objects.Remove(key, out var gone))
            {
                Bytes -= gone.Content.Length;
            }
        }

        return Task.CompletedTask;
    }

    private void Accrue()
    {
        var now = time.GetUtcNow();
        _byteHours += Bytes * (now - _since).TotalHours;
        _since = now;
    }
}
