using Microsoft.Extensions.ObjectPool;

namespace Platform.TenantShard.Http;

/// <summary>Idle response buffers of the process. Bounded in number and in the size of each.</summary>
internal static class JsonBufferPool
{
    private const int InitialBytes = 4 << 10;

    private static readonly DefaultObjectPool<JsonBuffer> Pool = new(new Policy(), maximumRetained: 64);

    /// <param name="lease">Who answers for its size; null where that is bounded otherwise.</param>
    public static JsonBuffer Rent(BodyLease? lease = null)
    {
        var buffer = Pool.Get();
        buffer.Charge(lease);
        return buffer;
    }

    public static void Return(JsonBuffer buffer)
    {
        buffer.Charge(null);
        Pool.Return(buffer);
    }

    private sealed class Policy : PooledObjectPolicy<JsonBuffer>
    {
        public override JsonBuffer Create() => new(InitialBytes);

        public override bool Return(JsonBuffer buffer)
        {
            // A larger one is left to the garbage collector.
            if (buffer.Capacity > JsonBuffer.FreeBytes) return false;
            buffer.Clear();
            return true;
        }
    }
}
