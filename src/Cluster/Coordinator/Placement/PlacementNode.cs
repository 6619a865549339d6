using Platform.Cluster.Membership;

namespace Platform.Cluster.Coordinator.Placement;

/// <summary>A node as placement sees it: what it measured, and what was decided since.</summary>
/// <param name="Id">The node.</param>
/// <param name="Zone">Its failure domain; empty: none.</param>
/// <param name="Condition">How it does.</param>
/// <param name="IsCordoned">True: it gets no more tenants.</param>
/// <param name="Load">Its last heartbeat.</param>
/// <param name="Pending">Tenants that were given to it since that heartbeat, less those taken.</param>
internal sealed record PlacementNode(
    string Id, string Zone, NodeCondition Condition, bool IsCordoned, NodeLoad Load, int Pending = 0)
{
    /// <summary>Below this a node gets tenants only when all others are worse: a full disk closes shards.</summary>
    private const double DiskFreeMin = 0.05;

    /// <summary>Above this a node evicts to stay alive.</summary>
    private const double MemoryMax = 0.95;

    private const double CpuMax = 0.95;

    /// <summary>Processor time that it uses, of all its processors.</summary>
    public double Cpu => Load.CpuSteady ?? Load.CpuFraction;

    /// <summary>
    /// 0 is idle, 1 is full: the scarcest of processor, memory and places for tenants, and what is on its way.
    /// </summary>
    /// <param name="added">Tenants of unknown cost that the plan has put there.</param>
    /// <param name="shift">And those of known cost.</param>
    public double LoadWith(int added, PlacementShift shift = default)
    {
        var places = Math.Max(1, Load.TenantsActiveMax);
        var cpu = Cpu + shift.Processors / Math.Max(1, Load.Processors);
        var memory = Load.MemoryBytesMax > 0 ? (Load.MemoryBytes + shift.MemoryBytes) / Load.MemoryBytesMax : 0;
        var measured = Math.Max(Math.Max(cpu, memory), (double)(Load.TenantsActive + shift.Tenants) / places);
        return measured + (double)(Pending + added) / places;
    }

    /// <summary>
    /// What one of its tenants costs: what the node said of it, or as much as each of those that it did not name. A node
    /// that names none, of a release before that, has tenants that are all alike.
    /// </summary>
    /// <param name="named">What the node said of its processors' use by the tenant; null: nothing.</param>
    public TenantCost CostOf(double? named)
    {
        var unnamed = (Load.CpuOfTenants ?? Load.CpuFraction) - Load.Busiest.Sum(tenant => tenant.Cpu);
        var cpu = named ?? Math.Max(0, unnamed) / Math.Max(1, Load.TenantsActive - Load.Busiest.Count);
        return new TenantCost(cpu * Load.Processors, (double)Load.SqliteBytes / Math.Max(1, Load.TenantsActive));
    }

    /// <summary>True when it can take one more without harm to those that it has.</summary>
    public bool HasRoom(int added)
    {
        var disk = Load.DiskBytesMax > 0 ? (double)Load.DiskBytesFree / Load.DiskBytesMax : 1;
        var memory = Load.MemoryBytesMax > 0 ? (double)Load.MemoryBytes / Load.MemoryBytesMax : 0;
        return Load.TenantsActive + Pending + added < Load.TenantsActiveMax
            && disk >= DiskFreeMin && memory <= MemoryMax && Load.CpuFraction <= CpuMax;
    }

    /// <summary>True when it may get tenants at all.</summary>
    public bool IsOpen => !IsCordoned && Condition != NodeCondition.Down && Load.TenantsActiveMax > 0;
}
