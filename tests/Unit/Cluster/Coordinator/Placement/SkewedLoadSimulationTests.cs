using Platform.Cluster.Coordinator.Placement;
using Platform.Cluster.Membership;
using Platform.Messages.Identity;
using Xunit.Abstractions;

namespace Platform.Cluster.Tests.Coordinator.Placement;

/// <summary>
/// Five hundred nodes and a hundred thousand tenants, as many on each, of which few make most of the load. A round is a look
/// of the coordinator, every half minute. No clock, one seed.
/// </summary>
public sealed class SkewedLoadSimulationTests(ITestOutputHelper output)
{
    private const int NodeCount = 500;
    private const int TenantCount = 100_000;
    private const int Places = 1000;
    private const int Processors = 8;

    /// <summary>Ten minutes.</summary>
    private const int RestRounds = 20;

    private readonly Random _random = new(20_261_121);
    private readonly double[] _demand = new double[TenantCount];
    private readonly TenantId[] _ids = [.. Enumerable.Range(0, TenantCount).Select(number => TenantId.Parse($"t{number}"))];
    private readonly List<int>[] _tenants = [.. Enumerable.Range(0, NodeCount).Select(_ => new List<int>())];
    private readonly PlacementNode?[] _nodes = new PlacementNode?[NodeCount];
    private readonly Dictionary<int, int> _movedAt = [];
    private readonly Dictionary<int, List<int>> _ways = [];
    private int _round;
    private bool _isUneven;

    [Fact]
    public void A_skewed_load_is_evened_out_by_few_moves_and_stays_so()
    {
        Skew(meanLoad: 0.35);
        for (var tenant = 0; tenant < TenantCount; tenant++) _tenants[tenant % NodeCount].Add(tenant);
        var before = Loads();
        Assert.True(before.Count(load => load > 0.9) >= 10, "The loads are not skewed.");

        var moves = RunUntilQuiet(roundsMax: 2000);
        var after = Loads();
        output.WriteLine($"{before.Max():0.00} to {after.Max():0.00}, {Deviation(before):0.000} to {Deviation(after):0.000}");
        output.WriteLine($"{moves} moves in {_round} rounds, most of one tenant {_ways.Values.Max(way => way.Count - 1)}");

        // A node is fuller than the others only by a tenant that would fill any other as much.
        Assert.All(Enumerable.Range(0, NodeCount), node => Assert.True(
            after[node] - after.Min() < 0.2 || Largest(node) > after[node] - 0.25, $"{node}: {after[node]}, {Largest(node)}"));
        Assert.DoesNotContain(after, load => load > 0.8);
        Assert.True(Deviation(after) < Deviation(before) * 0.7);
        Assert.InRange(moves, 100, TenantCount / 50);
        Assert.All(_ways.Values, way => Assert.Equal(way.Count, way.Distinct().Count()));

        // The same loads with the ups and downs of every day: nodes that are full now and then give a little more away, and
        // after that it is quiet.
        var hours = new int[3];
        for (var round = 0; round < 360; round++) hours[round / 120] += RunRound(noise: 0.1);
        output.WriteLine($"Loads that go up and down by a tenth, by the hour: {string.Join(", ", hours)} moves");
        Assert.True(hours[0] <= TenantCount / 80 && hours[1] <= 60 && hours[2] <= 60, string.Join(", ", hours));
        Assert.All(_ways.Values, way => Assert.InRange(way.Count - 1, 1, 3));
        Assert.All(_ways.Values, way => Assert.Equal(way.Count, way.Distinct().Count()));
    }

    [Fact]
    public void When_the_hot_tenants_change_the_new_ones_are_spread_and_nobody_wanders()
    {
        Skew(meanLoad: 0.3);
        for (var tenant = 0; tenant < TenantCount; tenant++) _tenants[tenant % NodeCount].Add(tenant);
        for (var day = 0; day < 3; day++)
        {
            var moves = RunUntilQuiet(roundsMax: 2000);
            output.WriteLine($"day {day}: {moves} moves, {Loads().Max():0.00}, {Deviation(Loads()):0.000}");
            Assert.True(moves <= TenantCount / 50, $"day {day}: {moves} moves");
            _random.Shuffle(_demand);
            Array.Clear(_nodes);
        }

        Assert.True(_ways.Values.Max(way => way.Count - 1) <= 6);
    }

    /// <summary>Pareto's law, and no tenant that would not fit on a node.</summary>
    private void Skew(double meanLoad)
    {
        for (var tenant = 0; tenant < TenantCount; tenant++)
            _demand[tenant] = Math.Pow(1 - _random.NextDouble(), -1 / 1.1);
        var scale = meanLoad * NodeCount * Processors / _demand.Sum();
        for (var tenant = 0; tenant < TenantCount; tenant++)
            _demand[tenant] = Math.Min(_demand[tenant] * scale, 0.6 * Processors);
    }

    private int RunUntilQuiet(int roundsMax)
    {
        var (moves, quiet) = (0, 0);
        for (var end = _round + roundsMax; quiet < RestRounds * 2; quiet++)
        {
            Assert.True(_round < end, "Rebalancing does not end.");
            if (RunRound(noise: 0) is not (> 0 and var count)) continue;
            moves += count;
            quiet = 0;
        }

        return moves;
    }

    private int RunRound(double noise)
    {
        _round++;
        if (noise > 0) Array.Clear(_nodes);
        for (var node = 0; node < NodeCount; node++) _nodes[node] ??= Measure(node, noise);
        var board = new PlacementBoard(_nodes!, new PlacementGroups());
        var plan = RebalancePlan.Make(board, id => TenantsOf(int.Parse(id[1..])), _isUneven, new RebalanceLimits());
        _isUneven = plan.Count > 0;
        foreach (var move in plan) Move(int.Parse(move.Tenant.Value[1..]), int.Parse(move.From[1..]), int.Parse(move.To[1..]));
        return plan.Count;
    }

    private void Move(int tenant, int from, int to)
    {
        Assert.True(_tenants[from].Remove(tenant));
        _tenants[to].Add(tenant);
        _nodes[from] = _nodes[to] = null;
        _movedAt[tenant] = _round;
        if (!_ways.TryGetValue(tenant, out var way)) _ways[tenant] = way = [from];
        way.Add(to);
    }

    private List<PlacedTenant> TenantsOf(int node)
    {
        var measured = _nodes[node]!;
        var named = measured.Load.Busiest.ToDictionary(tenant => tenant.Tenant, tenant => tenant.Cpu, StringComparer.Ordinal);
        var unnamed = measured.CostOf(null);
        return
        [
            .. _tenants[node].Select(tenant => new PlacedTenant(
                _ids[tenant], PlacementWish.None,
                IsResting: _movedAt.TryGetValue(tenant, out var round) && _round - round < RestRounds,
                Cost: named.TryGetValue(_ids[tenant].Value, out var cpu) ? measured.CostOf(cpu) : unnamed)),
        ];
    }

    /// <summary>A node that is asked for more than it has gives everybody less.</summary>
    private PlacementNode Measure(int node, double noise)
    {
        var demand = _tenants[node].Select(tenant => (
            Tenant: tenant, Cpu: _demand[tenant] / Processors * (1 + noise * (2 * _random.NextDouble() - 1)))).ToList();
        var asked = demand.Sum(tenant => tenant.Cpu);
        var share = Math.Min(1, 1 / asked);
        return new PlacementNode(
            $"n{node}", $"z{node % 3}", NodeCondition.Healthy, false,
            new NodeLoad
            {
                Processors = Processors,
                CpuFraction = asked * share,
                CpuSteady = asked * share,
                CpuOfTenants = asked * share,
                TenantsActive = demand.Count,
                TenantsActiveMax = Places,
                Busiest = [.. demand.OrderByDescending(tenant => tenant.Cpu).Take(TenantShares.BusiestMax).Select(
                    tenant => new BusyTenant { Tenant = _ids[tenant.Tenant].Value, Cpu = tenant.Cpu * share })],
            });
    }

    private double[] Loads() =>
        [.. _tenants.Select(tenants =>
            Math.Max(tenants.Sum(tenant => _demand[tenant]) / Processors, (double)tenants.Count / Places))];

    private double Largest(int node) => _tenants[node].Max(tenant => _demand[tenant]) / Processors;

    private static double Deviation(double[] loads) =>
        Math.Sqrt(loads.Sum(load => (load - loads.Average()) * (load - loads.Average())) / loads.Length);
}
