using Platform.Cluster.Coordinator.Placement;
using Platform.Messages.Identity;

namespace Platform.Cluster.Tests.Coordinator.Placement;

public sealed class MovePlanTests
{
    [Fact]
    public void Tenants_of_a_lost_node_spread_over_the_others_those_in_use_first()
    {
        var board = Board(5, lost: "n0");
        var tenants = Tenants(200, active: 100);
        var moves = MovePlans.Reassign(board, "n0", tenants);
        Assert.Equal(200, moves.Count);
        Assert.All(moves.Take(100), move => Assert.True(move.IsActive));
        Assert.All(moves.Skip(100), move => Assert.False(move.IsActive));
        Assert.DoesNotContain(moves, move => move.To == "n0");
        Assert.All(moves.Take(100).GroupBy(move => move.To), group => Assert.Equal(25, group.Count()));
        Assert.Equal(200, moves.Select(move => move.Tenant).Distinct().Count());
    }

    [Fact]
    public void Tenants_that_no_node_may_take_are_left_for_later()
    {
        var moves = MovePlans.Reassign(Board(2, lost: "n0"), "n0",
        [
            new PlacedTenant(TenantId.Parse("a"), new PlacementWish("nowhere", null, null)),
            new PlacedTenant(TenantId.Parse("b"), PlacementWish.None),
        ]);
        Assert.Equal("b", Assert.Single(moves).Tenant.Value);
        Assert.Empty(MovePlans.Reassign(Board(1, lost: "n0"), "n0", Tenants(3, 3)));
    }

    [Fact]
    public void A_drain_moves_a_few_at_a_time_and_never_back()
    {
        var board = Board(3, lost: null, cordoned: "n1");
        var moves = MovePlans.Drain(board, "n1", Tenants(50, 50), movesMax: 8);
        Assert.Equal(8, moves.Count);
        Assert.DoesNotContain(moves, move => move.To == "n1");
    }

    [Fact]
    public void A_small_difference_is_left_alone_and_a_large_one_is_evened_out_within_the_limits()
    {
        var limits = new RebalanceLimits();
        Assert.Empty(Rebalance([40, 30, 25], isUnderWay: false, limits));
        Assert.NotEmpty(Rebalance([40, 30, 25], isUnderWay: true, limits));
        var moves = Rebalance([60, 30, 10], isUnderWay: false, limits);
        Assert.All(moves, move => Assert.Equal(("n0", "n2"), (move.From, move.To)));
        Assert.Equal(limits.MovesPerNodeMax, moves.Count);
    }

    [Fact]
    public void Tenants_that_moved_a_short_while_ago_stay()
    {
        var board = Loaded([60, 10]);
        var moves = RebalancePlan.Make(
            board,
            node => [.. Tenants(60, 60, node).Select((tenant, number) => tenant with { IsResting = number < 58 })],
            false,
            new RebalanceLimits());
        Assert.Equal(["n0-58", "n0-59"], moves.Select(move => move.Tenant.Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Rebalancing_of_any_cluster_ends_and_leaves_it_more_even()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var counts = Enumerable.Range(0, random.Next(2, 10)).Select(_ => random.Next(95)).ToArray();
            var limits = new RebalanceLimits();
            var before = counts.Max() - counts.Min();
            var rounds = 0;
            var isUnderWay = false;
            while (Rebalance(counts, isUnderWay, limits) is { Count: > 0 } moves)
            {
                Assert.True(moves.Count <= limits.MovesMax);
                foreach (var move in moves)
                {
                    counts[int.Parse(move.From[1..])]--;
                    counts[int.Parse(move.To[1..])]++;
                }

                isUnderWay = true;
                Assert.True(++rounds < 200, $"seed {seed} does not end");
            }

            var after = counts.Max() - counts.Min();
            Assert.True(after <= before, $"seed {seed}");
            Assert.True(after < 20 || before == after, $"seed {seed} ends with {after}");
            if (isUnderWay) Assert.True(after <= 8, $"seed {seed} ends with {after}");
        }
    }

    private static IReadOnlyList<PlannedMove> Rebalance(int[] counts, bool isUnderWay, RebalanceLimits limits) =>
        RebalancePlan.Make(
            Loaded(counts), node => Tenants(counts[int.Parse(node[1..])], int.MaxValue, node), isUnderWay, limits);

    private static PlacementBoard Loaded(int[] counts) => new(
        counts.Select((count, number) => PlacementPolicyTests.Node($"n{number}", active: count)), new PlacementGroups());

    private static PlacementBoard Board(int count, string? lost, string? cordoned = null) => new(
        Enumerable.Range(0, count).Select(number => $"n{number}").Select(id => PlacementPolicyTests.Node(id) with
        {
            Condition = id == lost
                ? Platform.Cluster.Membership.NodeCondition.Down
                : Platform.Cluster.Membership.NodeCondition.Healthy,
            IsCordoned = id == cordoned,
        }),
        new PlacementGroups());

    private static List<PlacedTenant> Tenants(int count, int active, string prefix = "t") =>
        [.. Enumerable.Range(0, count).Select(number => new PlacedTenant(
            TenantId.Parse($"{prefix}-{number}"), PlacementWish.None, IsActive: number < active))];
}
