using Platform.Messages.Identity;

namespace Platform.Cluster.Coordinator.Placement;

/// <summary>A tenant that has a node, or needs one.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Wish">Where it should be.</param>
/// <param name="IsActive">It was in use where it was.</param>
/// <param name="IsResting">It was moved a short while ago and stays where it is.</param>
/// <param name="Cost">What of its node it uses.</param>
internal readonly record struct PlacedTenant(
    TenantId Tenant, PlacementWish Wish, bool IsActive = true, bool IsResting = false,
    TenantCost Cost = default);
