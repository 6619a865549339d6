using System.Collections.Concurrent;
using System.Text;
using Platform.Cluster.Store;
using Platform.Messages.Identity;
using Platform.TenantShard.Hosting;

namespace Platform.Cluster.Membership;

/// <summary>
/// Ownership where there is one node: it owns every tenant, under the revision at which this process wrote the
/// tenant's route. A process that is started after a crash writes it anew and so has a higher epoch than whatever the
/// dead one may still have on its way to object storage.
/// </summary>
internal sealed class RouteClaims(IClusterStore store, LocalNode node) : IShardOwnership
{
    private const string Routes = "/routes/";

    /// <summary>Routes that this process wrote. As many as tenants that were active since the start.</summary>
    private readonly ConcurrentDictionary<TenantId, long> _epochs = new();

    public async ValueTask<long?> FindEpochAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        if (_epochs.TryGetValue(tenant, out var epoch)) return epoch;
        var commit = await store.CommitAsync(
            new StoreTransaction
            {
                Operations = [StoreOperation.Put(Routes + tenant.Value, Encoding.UTF8.GetBytes(node.Id))],
            },
            cancellationToken);

        // Two activations of one tenant never overlap, but if they did, the higher epoch would be the one to keep.
        return _epochs.AddOrUpdate(tenant, commit.Revision, (_, known) => Math.Max(known, commit.Revision));
    }
}
