using System.Collections.Concurrent;
using Platform.Messages.Identity;

namespace Platform.Cluster.Membership;

/// <summary>
/// Tenants that this node has let go of because they are about to move: it does not open them under the epoch that it
/// had. A move that never comes to its end is forgotten.
/// </summary>
internal sealed class ReleasedTenants(TimeProvider time)
{
    /// <summary>Longer than a move may take after the release.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<TenantId, (long Epoch, long Since)> _released = new();

    public void Add(TenantId tenant, long epoch) => _released[tenant] = (epoch, time.GetTimestamp());

    public void Remove(TenantId tenant) => _released.TryRemove(tenant, out _);

    public bool Contains(TenantId tenant, long epoch)
    {
        if (!_released.TryGetValue(tenant, out var released)) return false;
        if (released.Epoch == epoch && time.GetElapsedTime(released.Since) < Patience) return true;
        if (released.Epoch <= epoch) _released.TryRemove(new(tenant, released));
        return false;
    }
}
