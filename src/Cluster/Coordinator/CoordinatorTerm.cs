using Platform.Cluster.Membership;
using Platform.Cluster.Store;

namespace Platform.Cluster.Coordinator;

/// <summary>
/// One time in office. Its epoch is the revision that made the coordinator's key; every decision compares it, so a
/// coordinator that was replaced and does not know it can change nothing.
/// </summary>
internal sealed class CoordinatorTerm(long epoch, HeldLease lease)
{
    public long Epoch { get; } = epoch;

    public bool IsHeld => lease.IsHeld;

    /// <summary>Ends with the office.</summary>
    public CancellationToken Over { get; init; }

    /// <summary>Belongs into every transaction of the coordinator.</summary>
    public StoreCompare Guard => StoreCompare.CreatedAt(ClusterKeys.Coordinator, Epoch);
}
