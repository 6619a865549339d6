using Platform.Messages.Identity;

namespace Platform.Gateway.Owners;

/// <summary>Which node owns a tenant: an exact copy of the routes in memory, and the coordinator behind it.</summary>
public interface ITenantOwners
{
    /// <summary>
    /// The owner as far as this process knows, from memory; null when the tenant has no route or its node is not
    /// among the living.
    /// </summary>
    TenantOwner? Find(TenantId tenant);

    /// <summary>False when the node is not among the living, or is another process by now; from memory.</summary>
    bool IsAlive(NodeAddress node);

    /// <summary>
    /// Asks the coordinator for an owner: it places a tenant that has none. When <paramref name="knownEpoch"/> is not
    /// 0, a node has denied to be the owner under that epoch, and an answer with a higher one is looked for.
    /// </summary>
    /// <exception cref="OwnerUnavailableException">There is none now: no coordinator, no node with room.</exception>
    Task<TenantOwner> PlaceAsync(TenantId tenant, long knownEpoch, CancellationToken cancellationToken);

    /// <summary>Completes when <see cref="Find"/> has an owner of a higher epoch.</summary>
    /// <exception cref="OperationCanceledException">Cancelled before.</exception>
    Task WhenMovedAsync(TenantId tenant, long knownEpoch, CancellationToken cancellationToken);
}
