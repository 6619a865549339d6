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

        await using var stored = await store.OpenReadAsync(key, offset: 0, length: null, cancellationToken)
            ?? throw new ObjectStoreException(
                "create", key, isTransient: true, "It existed a moment ago and does not now.");
        return await IsEqualAsync(stored, content, cancellationToken);
    }

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
