namespace Platform.Cluster.Coordinator.Placement;

/// <summary>
/// The working copy of one plan: a snapshot of nodes, and what the plan has decided so far. Not shared, never kept.
/// </summary>
internal sealed class PlacementBoard
{
    private readonly PlacementNode[] _nodes;
    private readonly int[] _added;
    private readonly PlacementShift[] _shifts;
    private readonly double[] _loads;
    private readonly bool[] _isOpen;
    private readonly bool[] _hasRoom;
    private readonly int[] _zoneOf;
    private readonly double[] _zoneLoad;
    private readonly int[] _zoneSize;
    private readonly Dictionary<string, int> _byId = new(StringComparer.Ordinal);

    public PlacementBoard(IEnumerable<PlacementNode> nodes, PlacementGroups groups)
    {
        Groups = groups;
        _nodes = [.. nodes.OrderBy(node => node.Id, StringComparer.Ordinal)];
        _added = new int[_nodes.Length];
        _shifts = new PlacementShift[_nodes.Length];
        _loads = [.. _nodes.Select(node => node.LoadWith(0))];
        _isOpen = [.. _nodes.Select(node => node.IsOpen)];
        _hasRoom = [.. _nodes.Select(node => node.HasRoom(0))];
        var zones = new Dictionary<string, int>(StringComparer.Ordinal);
        _zoneOf = [.. _nodes.Select(node => zones.TryGetValue(node.Zone, out var zone) ? zone : zones[node.Zone] = zones.Count)];
        _zoneLoad = new double[zones.Count];
        _zoneSize = new int[zones.Count];
        for (var index = 0; index < _nodes.Length; index++)
        {
            _byId[_nodes[index].Id] = index;
            if (!_nodes[index].IsOpen) continue;
            _zoneLoad[_zoneOf[index]] += _loads[index];
            _zoneSize[_zoneOf[index]]++;
        }
    }

    public PlacementGroups Groups { get; }

    public int Count => _nodes.Length;

    public PlacementNode this[int index] => _nodes[index];

    public int Find(string node) => _byId.GetValueOrDefault(node, -1);

    /// <summary>A node's load with what the plan has decided.</summary>
    public double LoadOf(int index) => _loads[index];

    /// <summary>True when processor or memory make the node's load, not the number of its tenants.</summary>
    public bool IsMeasured(int index) =>
        _loads[index] > (double)TenantsOf(index) / Math.Max(1, _nodes[index].Load.TenantsActiveMax) + 1e-6;

    public bool IsOpen(int index) => _isOpen[index];

    public bool HasRoom(int index) => _hasRoom[index];

    /// <summary>Tenants that the node would have open.</summary>
    public int TenantsOf(int index) => _nodes[index].Load.TenantsActive + _nodes[index].Pending + _added[index]
        + _shifts[index].Tenants;

    /// <summary>Mean load of the open nodes of the node's zone.</summary>
    public double ZoneLoadOf(int index) =>
        _zoneSize[_zoneOf[index]] == 0 ? 0 : _zoneLoad[_zoneOf[index]] / _zoneSize[_zoneOf[index]];

    /// <summary>Puts a tenant of unknown cost on a node, or takes it from there (−1).</summary>
    public void Add(int index, PlacementWish wish, int count = 1)
    {
        _added[index] += count;
        Changed(index, wish, count);
    }

    /// <summary>Puts a tenant whose cost is known on a node, or takes it from there (−1).</summary>
    public void Add(int index, PlacedTenant tenant, int count = 1)
    {
        _shifts[index] = _shifts[index].With(tenant.Cost, count);
        Changed(index, tenant.Wish, count);
    }

    /// <summary>What the node's load would be with one more, or with one less (−1).</summary>
    public double LoadWith(int index, TenantCost cost, int count = 1) =>
        _nodes[index].LoadWith(_added[index], _shifts[index].With(cost, count));

    /// <summary>What it would be with that, too.</summary>
    public double LoadWith(int index, PlacementShift more) => _nodes[index].LoadWith(
        _added[index],
        new PlacementShift(
            _shifts[index].Tenants + more.Tenants, _shifts[index].Processors + more.Processors,
            _shifts[index].MemoryBytes + more.MemoryBytes));

    private void Changed(int index, PlacementWish wish, int count)
    {
        var node = _nodes[index];
        var load = node.LoadWith(_added[index], _shifts[index]);
        if (node.IsOpen) _zoneLoad[_zoneOf[index]] += load - _loads[index];
        _loads[index] = load;
        _hasRoom[index] = node.HasRoom(_added[index] + _shifts[index].Tenants);
        Groups.Add(wish, node.Id, node.Zone, count);
    }
}
