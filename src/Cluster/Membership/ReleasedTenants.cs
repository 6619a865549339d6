using System.Collections.Concurrent;
using Platform.Messages.Identity;

namespace Platform.Cluster.Membership;

/// <summary>
/// Tenants that this node has let go of because they are about to move: it does not serve them under the epoch that it
/// had. When the move does not come to its end, because the coordinator is gone, the node serves them again.
/// </summary>
internal sealed class ReleasedTenants(TimeProvider time)
{
    private readonly ConcurrentDictionary<TenantId, (long Epoch, long Since, TimeSpan Patience)> _released = new();

    /// <summary>Lets go of a tenant, or goes on with that, for <paramref name="patience"/> from now at most.</summary>
    public void Hold(TenantId tenant, long epoch, TimeSpan patience) =>
        _released[tenant] = (epoch, time.GetTimestamp(), patience);

    public void Remove(TenantId tenant) => _released.TryRemove(tenant, out _);

    public bool Contains(TenantId tenant, long epoch)
    {
        if (!_released.TryGetValue(tenant, out var released)) return false;
        if (released.Epoch == epoch && time.GetElapsedTime(released.Since) < released.Patience) return true;
        if (released.Epoch <= epoch) _released.TryRemove(new(tenant, released));
        return false;
    }
}
