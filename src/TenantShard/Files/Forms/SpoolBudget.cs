using Platform.TenantShard.Errors;
using Platform.TenantShard.Http;

namespace Platform.TenantShard.Files.Forms;

/// <summary>
/// Bytes of uploads that lie on a node's local disk while their requests run; shared by all tenants, of which none gets
/// more than half: slow uploads of one leave room for the others.
/// </summary>
internal sealed class SpoolBudget(long bytesMax)
{
    private readonly Lock _gate = new();
    private long _used;

    /// <exception cref="ApiException">503 when too much is on its way already.</exception>
    public void Take(BudgetShare tenant, long bytes)
    {
        lock (_gate)
        {
            if (_used + bytes <= bytesMax && tenant.Used + bytes <= bytesMax / 2)
            {
                _used += bytes;
                tenant.Used += bytes;
                return;
            }
        }

        throw ApiException.Unavailable("Too many uploads at the same time.", retryAfterSeconds: 5);
    }

    public void Return(BudgetShare tenant, long bytes)
    {
        lock (_gate)
        {
            _used -= bytes;
            tenant.Used -= bytes;
        }
    }
}
