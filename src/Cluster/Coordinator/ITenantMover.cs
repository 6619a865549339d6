using Platform.Cluster.Coordinator.Placement;

namespace Platform.Cluster.Coordinator;

/// <summary>Moves a tenant from a living node to another, by whatever steps; the way of drains and rebalancing.</summary>
internal interface ITenantMover
{
    /// <summary>
    /// Done when the tenant has its new owner. Else it is served where it was, which is no error; the next plan decides
    /// anew.
    /// </summary>
    /// <param name="term">Guards every write of a route.</param>
    /// <param name="move">What to do; from nowhere (an empty name) when the tenant has no owner.</param>
    /// <param name="reason">As in <see cref="Membership.ShardRouteDocument.Reason"/>.</param>
    /// <param name="cancellationToken">Ends with the office.</param>
    Task<MoveOutcome> MoveAsync(
        CoordinatorTerm term, PlannedMove move, string reason, CancellationToken cancellationToken);
}
