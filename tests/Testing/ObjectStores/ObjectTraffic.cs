using System.Collections.Concurrent;

namespace Platform.Testing.ObjectStores;

/// <summary>What a store was asked for so far, faulty calls included.</summary>
public sealed class ObjectTraffic
{
    private readonly ConcurrentDictionary<ObjectOperations, long> _requests = new();
    private long _bytesWritten;
    private long _bytesRead;

    /// <summary>Bytes of creates and puts.</summary>
    public long BytesWritten => Interlocked.Read(ref _bytesWritten);

    /// <summary>Bytes of gets and of streams that were read.</summary>
    public long BytesRead => Interlocked.Read(ref _bytesRead);

    /// <summary>How many calls of these kinds there were.</summary>
    public long Requests(ObjectOperations operations) =>
        _requests.Where(pair => operations.HasFlag(pair.Key)).Sum(pair => pair.Value);

    internal void CountRequest(ObjectOperations operation) =>
        _requests.AddOrUpdate(operation, 1, static (_, count) => count + 1);

    internal void CountWritten(long bytes) => Interlocked.Add(ref _bytesWritten, bytes);

    internal void CountRead(long bytes) => Interlocked.Add(ref _bytesRead, bytes);
}
