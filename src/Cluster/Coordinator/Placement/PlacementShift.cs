namespace Platform.Cluster.Coordinator.Placement;

/// <summary>What a plan has put on a node, or taken from it (negative), of tenants whose cost it knows.</summary>
internal readonly record struct PlacementShift(int Tenants, double Processors, double MemoryBytes)
{
    public PlacementShift With(TenantCost cost, int count) =>
        new(Tenants + count, Processors + count * cost.Processors, MemoryBytes + count * cost.MemoryBytes);
}
