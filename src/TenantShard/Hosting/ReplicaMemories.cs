using Platform.Messages.Identity;
using Platform.Replication.Shipping;

namespace Platform.TenantShard.Hosting;

/// <summary>
/// What closed shards knew of their replicas, for the last so many tenants that were closed. While this process still
/// owns a tenant under the same epoch nobody else can have written to it, so opening it again asks object storage nothing.
/// </summary>
/// <param name="tenantsMax">Tenants remembered; a few kilobytes for each.</param>
internal sealed class ReplicaMemories(int tenantsMax)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TenantId, LinkedListNode<(TenantId Tenant, long Epoch, ReplicaMemory Memory)>> _places = [];
    private readonly LinkedList<(TenantId Tenant, long Epoch, ReplicaMemory Memory)> _byAge = new();

    public void Remember(TenantId tenant, long epoch, ReplicaMemory memory)
    {
        lock (_lock)
        {
            Remove(tenant);
            _places[tenant] = _byAge.AddLast((tenant, epoch, memory));
            if (_places.Count > tenantsMax) Remove(_byAge.First!.Value.Tenant);
        }
    }

    /// <summary>What is remembered of the tenant, once; null when it was closed under another epoch.</summary>
    public ReplicaMemory? Take(TenantId tenant, long epoch)
    {
        lock (_lock)
        {
            return Remove(tenant) is { } found && found.Epoch == epoch ? found.Memory : null;
        }
    }

    /// <summary>Forgets a tenant whose replica is about to change in another way.</summary>
    public void Forget(TenantId tenant)
    {
        lock (_lock)
        {
            Remove(tenant);
        }
    }

    private (long Epoch, ReplicaMemory Memory)? Remove(TenantId tenant)
    {
        if (!_places.Remove(tenant, out var place)) return null;
        _byAge.Remove(place);
        return (place.Value.Epoch, place.Value.Memory);
    }
}
