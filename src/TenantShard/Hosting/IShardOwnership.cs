using Platform.Messages.Identity;

namespace Platform.TenantShard.Hosting;

/// <summary>Whether this node owns a tenant, and under which epoch. Filled by the cluster project.</summary>
public interface IShardOwnership
{
    /// <summary>
    /// False from before the moment on at which other nodes may take this one for lost: nothing may be acknowledged.
    /// Asked for every group of writes; answers at once.
    /// </summary>
    bool IsServing => true;

    /// <summary>
    /// The epoch under which this node may open the tenant: the store revision of its route, growing with every new
    /// owner. Null when another node owns it.
    /// </summary>
    ValueTask<long?> FindEpochAsync(TenantId tenant, CancellationToken cancellationToken);
}
