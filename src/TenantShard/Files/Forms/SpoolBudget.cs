using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Files.Forms;

/// <summary>Bytes of uploads that lie on a node's local disk while their requests run; shared by all tenants.</summary>
internal sealed class SpoolBudget(long bytesMax)
{
    private long _used;

    public long Used => Interlocked.Read(ref _used);

    /// <exception cref="ApiException">503 when too much is on its way already.</exception>
    public void Take(long bytes)
    {
        if (Interlocked.Add(ref _used, bytes) <= bytesMax) return;
        Interlocked.Add(ref _used, -bytes);
        throw ApiException.Unavailable("Too many uploads at the same time.", retryAfterSeconds: 5);
    }

    public void Return(long bytes) => Interlocked.Add(ref _used, -bytes);
}
