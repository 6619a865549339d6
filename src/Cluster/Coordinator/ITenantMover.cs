using Platform.Cluster.Coordinator.Placement;

namespace Platform.Cluster.Coordinator;

/// <summary>Moves a tenant from a living node to another, by whatever steps; the way of drains and rebalancing.</summary>
internal interface ITenantMover
{
    /// <summary>
    /// True when the tenant has its new owner. False: it stayed where it was, which is no error; the next plan decides
    /// anew.
    /// </summary>
    /// <param name="term">Guards every write of a route.</param>
    /// <param name="move">What to do.</param>
    /// <param name="reason">As in <see cref="Membership.ShardRouteDocument.Reason"/>.</param>
    /// <param name="cancellationToken">Ends with the office.</param>
    Task<bool> MoveAsync(CoordinatorTerm term, PlannedMove move, string reason, CancellationToken cancellationToken);
}
