namespace Platform.Cluster.Coordinator.Placement;

/// <summary>What a tenant uses of its node, and will use of another.</summary>
/// <param name="Processors">How many it keeps busy.</param>
/// <param name="MemoryBytes">Memory that is free when it has gone.</param>
internal readonly record struct TenantCost(double Processors, double MemoryBytes);
