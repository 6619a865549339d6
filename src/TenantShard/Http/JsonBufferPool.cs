using Microsoft.Extensions.ObjectPool;

namespace Platform.TenantShard.Http;

/// <summary>Idle response buffers of the process. Bounded in number and in the size of each.</summary>
internal static class JsonBufferPool
{
    private const int InitialBytes = 4 << 10;

    /// <summary>A list of 30 usual records fits; a larger buffer is left to the garbage collector.</summary>
    private const int KeptBytesMax = 256 << 10;

    private static readonly DefaultObjectPool<JsonBuffer> Pool = new(new Policy(), maximumRetained: 64);

    public static JsonBuffer Rent() => Pool.Get();

    public static void Return(JsonBuffer buffer) => Pool.Return(buffer);

    private sealed class Policy : PooledObjectPolicy<JsonBuffer>
    {
        public override JsonBuffer Create() => new(InitialBytes);

        public override bool Return(JsonBuffer buffer)
        {
            if (buffer.Capacity > KeptBytesMax) return false;
            buffer.Clear();
            return true;
        }
    }
}
