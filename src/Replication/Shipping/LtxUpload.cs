using System.Buffers;
using Platform.Replication.ObjectStore;

namespace Platform.Replication.Shipping;

/// <summary>Stores an LTX file under a name that only one writer can get.</summary>
internal static class LtxUpload
{
    private const int CompareBytes = 64 * 1024;

    /// <summary>
    /// True when the object is there with this content, whether this call or an earlier one whose answer was lost
    /// stored it; false when the name holds other content.
    /// </summary>
    /// <exception cref="ObjectStoreException">It may be stored or not; offer the same content again.</exception>
    public static async Task<bool> StoreAsync(
        IObjectStore store,
        string key,
        ReadOnlyMemory<byte> content,
        DateTimeOffset timestamp,
        CancellationToken cancellationToken)
    {
        if (await store.CreateAsync(key, content, timestamp, cancellationToken))
        {
            return true;
        }

        await using var stored = await OpenAsync(store, key, cancellationToken);
        return await IsEqualAsync(stored, content, cancellationToken);
    }

    /// <summary>As above, with the content of a file.</summary>
    /// <exception cref="ObjectStoreException">It may be stored or not; offer the same content again.</exception>
    public static async Task<bool> StoreFileAsync(
        IObjectStore store, string key, string path, DateTimeOffset timestamp, CancellationToken cancellationToken)
    {
        if (await store.CreateFromFileAsync(key, path, timestamp, cancellationToken))
        {
            return true;
        }

        await using var stored = await OpenAsync(store, key, cancellationToken);
        await using var content = File.OpenRead(path);
        return await IsEqualAsync(stored, content, cancellationToken);
    }

    private static async Task<Stream> OpenAsync(IObjectStore store, string key, CancellationToken cancellationToken) =>
        await store.OpenReadAsync(key, offset: 0, length: null, cancellationToken)
            ?? throw new ObjectStoreException(
                "create", key, isTransient: true, "It existed a moment ago and does not now.");

    private static async Task<bool> IsEqualAsync(Stream stored, Stream content, CancellationToken cancellationToken)
    {
        var buffers = ArrayPool<byte>.Shared.Rent(2 * CompareBytes);
        var (left, right) = (buffers.AsMemory(0, CompareBytes), buffers.AsMemory(CompareBytes, CompareBytes));
        try
        {
            while (true)
            {
                var read = await FillAsync(stored, left, cancellationToken);
                var wanted = await FillAsync(content, right, cancellationToken);
                if (read != wanted || !left.Span[..read].SequenceEqual(right.Span[..read]))
                {
                    return false;
                }

                if (read < CompareBytes)
                {
                    return true;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffers);
        }
    }

    private static ValueTask<int> FillAsync(Stream stream, Memory<byte> buffer, CancellationToken cancellationToken) =>
        stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);

    private static async Task<bool> IsEqualAsync(
        Stream stored, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(CompareBytes);
        try
        {
            while (true)
            {
                var read = await stored.ReadAsync(buffer, cancellationToken);
                if (read == 0)
                {
                    return content.IsEmpty;
                }

                if (read > content.Length || !buffer.AsSpan(0, read).SequenceEqual(content.Span[..read]))
                {
                    return false;
                }

                content = content[read..];
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
