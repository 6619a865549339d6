using Platform.Messages.Identity;

namespace Platform.Cluster.Coordinator.Placement;

/// <summary>A decision that has not been made true yet.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="From">Where it is by the snapshot.</param>
/// <param name="To">Where it should be.</param>
/// <param name="IsActive">It is in use, so the new owner opens it at once.</param>
internal readonly record struct PlannedMove(TenantId Tenant, string From, string To, bool IsActive);
