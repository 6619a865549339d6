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

    /// <summary>
    /// 0 is idle, 1 is full: the scarcest of processor, memory and places for tenants, and what is on its way.
    /// </summary>
    public double LoadWith(int added)
    {
        var places = Math.Max(1, Load.TenantsActiveMax);
        var memory = Load.MemoryBytesMax > 0 ? (double)Load.MemoryBytes / Load.MemoryBytesMax : 0;
        var measured = Math.Max(Math.Max(Load.CpuFraction, memory), (double)Load.TenantsActive / places);
        return measured + (double)(Pending + added) / places;
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
