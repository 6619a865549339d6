using System.Text;
using Platform.Cluster.Coordinator.Placement;
using Platform.Cluster.Membership;
using Platform.Cluster.Store;
using Platform.Cluster.Tenants;
using Platform.Messages.Identity;

namespace Platform.Cluster.Coordinator;

/// <summary>
/// What placement decides on: nodes and their loads, corrected by what was decided since their heartbeats.
/// </summary>
internal sealed class PlacementView(
    IClusterStore store, NodeTable nodes, RouteMap routes, TenantIndex tenants, TimeProvider time)
{
    /// <summary>Counting groups reads every route, so a count serves for a while; decisions are added to it.</summary>
    private static readonly TimeSpan GroupsAge = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (long HeardAt, int Count)> _pending = new(StringComparer.Ordinal);
    private PlacementGroups? _groups;
    private long _grouped;

    /// <summary>A board for one plan.</summary>
    public PlacementBoard Take()
    {
        lock (_gate)
        {
            if (_groups is null || time.GetElapsedTime(_grouped) > GroupsAge)
            {
                _groups = CountGroups();
                _grouped = time.GetTimestamp();
            }

            return new PlacementBoard(
                nodes.Nodes.Values.Where(node => node.IsTenantNode).Select(node => new PlacementNode(
                    node.Id, node.Zone, node.ConditionAt(time), node.IsCordoned,
                    node.Document?.Load ?? new NodeLoad(), PendingOf(node))),
                _groups);
        }
    }

    /// <summary>Remembers a decision until the node's next heartbeat shows it.</summary>
    public void Decided(string node, int count)
    {
        lock (_gate)
        {
            if (nodes.Find(node) is { } state) _pending[node] = (state.HeardAt, PendingOf(state) + count);
        }
    }

    public PlacementWish WishOf(TenantId tenant) =>
        tenants.Find(tenant) is { } descriptor ? PlacementWish.Of(descriptor.Metadata) : PlacementWish.None;

    /// <summary>The tenants that a node had open at its last heartbeat; empty when it never said.</summary>
    public async Task<IReadOnlySet<TenantId>> ActiveOfAsync(string node, CancellationToken cancellationToken)
    {
        var entry = await store.GetAsync(ClusterKeys.ActiveOf(node), cancellationToken);
        var active = new HashSet<TenantId>();
        if (entry is null) return active;
        foreach (var line in Encoding.ASCII.GetString(entry.Value.Span).Split('\n'))
            if (TenantId.TryParse(line, out var tenant)) active.Add(tenant);
        return active;
    }

    private int PendingOf(NodeState node) =>
        _pending.TryGetValue(node.Id, out var pending) && pending.HeardAt == node.HeardAt ? pending.Count : 0;

    private PlacementGroups CountGroups()
    {
        var groups = new PlacementGroups();
        foreach (var route in routes.All())
        {
            var wish = WishOf(route.Tenant);
            if (!ReferenceEquals(wish, PlacementWish.None))
                groups.Add(wish, route.Node, nodes.Find(route.Node)?.Zone ?? "", 1);
        }

        return groups;
    }
}
