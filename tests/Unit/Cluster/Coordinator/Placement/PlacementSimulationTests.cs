using Platform.Cluster.Coordinator.Placement;
using Platform.Cluster.Membership;
using Platform.Messages.Identity;

namespace Platform.Cluster.Tests.Coordinator.Placement;

/// <summary>Five hundred nodes and a hundred thousand tenants: filled, hit, healed, grown. No clock, one seed.</summary>
public sealed class PlacementSimulationTests
{
    private const int NodeCount = 500;
    private const int TenantCount = 100_000;
    private const int Places = 300;

    private readonly Random _random = new(20_261_121);
    private readonly Dictionary<TenantId, string> _owners = [];
    private readonly Dictionary<string, HashSet<TenantId>> _tenants = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _zones = new(StringComparer.Ordinal);
    private readonly Dictionary<TenantId, PlacementWish> _wishes = [];

    [Fact]
    public void A_large_cluster_fills_evenly_heals_evenly_and_grows_evenly()
    {
        var started = Environment.CpuUsage.TotalTime;
        for (var number = 0; number < NodeCount; number++) AddNode(number);
        Fill();
        AssertEven(spreadMax: 12, "after the first filling");
        AssertWishes();

        var lost = _zones.Keys.Where(node => _zones[node] == "z1").Take(25).ToList();
        foreach (var node in lost) Lose(node);
        Assert.Equal(TenantCount, _owners.Count);
        AssertEven(spreadMax: 16, "after 25 nodes were lost");
        AssertWishes();

        for (var number = 0; number < 20; number++) AddNode(NodeCount + number);
        var moves = RebalanceToTheEnd();

        // Twenty nodes take about 200 tenants each; wandering back and forth would be far more.
        Assert.InRange(moves, 2000, 5000);
        AssertEven(spreadMax: Places * 8 / 100 + 2, "after 20 nodes were added");
        AssertWishes();
        Assert.Equal(0, RebalanceToTheEnd());

        // Of the processor, with what other tests use meanwhile: other programs must not decide.
        var used = Environment.CpuUsage.TotalTime - started;
        Assert.True(used < TimeSpan.FromSeconds(120), $"The simulation is too slow to be run: {used}.");
    }

    private void AddNode(int number)
    {
        _zones[$"n{number}"] = $"z{number % 3}";
        _tenants[$"n{number}"] = [];
    }

    private void Fill()
    {
        var board = Board();
        for (var number = 0; number < TenantCount; number++)
        {
            var tenant = TenantId.Parse($"t{number}");
            _wishes[tenant] = _random.Next(20) switch
            {
                0 => new PlacementWish($"z{_random.Next(3)}", null, null),
                1 => new PlacementWish(null, null, $"group-{number / 400}"),
                _ => PlacementWish.None,
            };
            var index = PlacementPolicy.Choose(board, _wishes[tenant]);
            Assert.True(index >= 0);
            board.Add(index, _wishes[tenant]);
            Own(tenant, board[index].Id);
        }
    }

    private void Lose(string lost)
    {
        var tenants = _tenants[lost];
        _tenants.Remove(lost);
        _zones.Remove(lost);
        var moves = MovePlans.Reassign(
            Board(), lost, tenants.Select(tenant => new PlacedTenant(tenant, _wishes[tenant])));
        Assert.Equal(tenants.Count, moves.Count);
        foreach (var move in moves) Own(move.Tenant, move.To);
    }

    private int RebalanceToTheEnd()
    {
        var limits = new RebalanceLimits { MovesMax = 200, MovesPerNodeMax = 20 };
        var total = 0;
        while (RebalancePlan.Make(
            Board(), node => [.. _tenants[node].Select(tenant => new PlacedTenant(tenant, _wishes[tenant]))], total > 0,
            limits) is { Count: > 0 } moves)
        {
            foreach (var move in moves)
            {
                _tenants[move.From].Remove(move.Tenant);
                Own(move.Tenant, move.To);
            }

            total += moves.Count;
            Assert.True(total < TenantCount, "Rebalancing does not end.");
        }

        return total;
    }

    private void Own(TenantId tenant, string node)
    {
        _owners[tenant] = node;
        _tenants[node].Add(tenant);
    }

    private PlacementBoard Board()
    {
        var groups = new PlacementGroups();
        foreach (var (tenant, node) in _owners)
            if (_zones.TryGetValue(node, out var zone)) groups.Add(_wishes[tenant], node, zone, 1);
        return new PlacementBoard(
            _zones.Select(node => new PlacementNode(
                node.Key, node.Value, NodeCondition.Healthy, false,
                new NodeLoad { TenantsActive = _tenants[node.Key].Count, TenantsActiveMax = Places })),
            groups);
    }

    private void AssertEven(int spreadMax, string moment)
    {
        var counts = _tenants.Values.Select(tenants => tenants.Count).ToList();
        Assert.True(counts.Max() - counts.Min() <= spreadMax, $"{moment}: {counts.Min()} to {counts.Max()}");
        Assert.Equal(TenantCount, counts.Sum());
    }

    private void AssertWishes()
    {
        Assert.True(_owners.All(owner => (_wishes[owner.Key].Zone ?? _zones[owner.Value]) == _zones[owner.Value]));
        var apart = _owners.Where(owner => _wishes[owner.Key].Apart is not null)
            .GroupBy(owner => (_wishes[owner.Key].Apart, owner.Value));
        Assert.True(apart.All(group => group.Count() == 1));
    }
}
