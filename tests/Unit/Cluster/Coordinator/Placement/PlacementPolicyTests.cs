using Platform.Cluster.Coordinator.Placement;
using Platform.Cluster.Membership;

namespace Platform.Cluster.Tests.Coordinator.Placement;

public sealed class PlacementPolicyTests
{
    [Fact]
    public void The_least_loaded_node_wins_by_the_scarcest_of_its_resources()
    {
        Assert.Equal("b", Choose([Node("a", cpu: 0.5), Node("b", cpu: 0.2, active: 30)]));
        Assert.Equal("a", Choose([Node("a", cpu: 0.5), Node("b", active: 60)]));
        Assert.Equal("a", Choose([Node("a", cpu: 0.5), Node("b", memory: 0.6)]));
    }

    [Fact]
    public void What_was_decided_since_the_heartbeat_counts()
    {
        var nodes = new[] { Node("a"), Node("b") with { Pending = 10 }, Node("c") with { Pending = 5 } };
        Assert.Equal("a", Choose(nodes));
        Assert.Equal("c", Choose(nodes[1..]));
    }

    [Fact]
    public void Cordoned_and_lost_nodes_get_nothing()
    {
        Assert.Null(Choose([Node("a") with { IsCordoned = true }, Node("b") with { Condition = NodeCondition.Down }]));
        Assert.Null(Choose([]));
        Assert.Null(Choose([Node("gateway-only", places: 0)]));
        Assert.Equal("c", Choose([Node("a") with { IsCordoned = true }, Node("c", cpu: 0.9)]));
    }

    [Fact]
    public void A_full_node_is_better_than_none_and_a_sick_one_the_last()
    {
        Assert.Equal("a", Choose([Node("a", active: 99), Node("b", active: 100)]));
        Assert.Equal("b", Choose([Node("a") with { Condition = NodeCondition.Degraded }, Node("b", active: 100)]));
        Assert.Equal("a", Choose([Node("a") with { Condition = NodeCondition.Degraded }]));
        Assert.Equal("b", Choose([Node("a", diskFree: 0.04), Node("b", cpu: 0.9)]));
    }

    [Fact]
    public void A_zone_that_is_asked_for_is_kept_even_when_it_costs()
    {
        var nodes = new[] { Node("a", zone: "z1", cpu: 0.9), Node("b", zone: "z2") };
        Assert.Equal("a", Choose(nodes, new PlacementWish("z1", null, null)));
        Assert.Null(Choose(nodes, new PlacementWish("z3", null, null)));
    }

    [Fact]
    public void Groups_draw_together_and_push_apart()
    {
        var wish = new PlacementWish(null, "shop", null);
        var board = new PlacementBoard([Node("a"), Node("b", active: 30)], new PlacementGroups());
        board.Add(board.Find("b"), wish);
        Assert.Equal(board.Find("b"), PlacementPolicy.Choose(board, wish));
        var apart = new PlacementWish(null, null, "replicas");
        var spread = new PlacementBoard(
            [Node("a", zone: "z1"), Node("b", zone: "z1"), Node("c", zone: "z2", active: 5)], new PlacementGroups());
        var places = Enumerable.Range(0, 3).Select(_ =>
        {
            var index = PlacementPolicy.Choose(spread, apart);
            spread.Add(index, apart);
            return spread[index].Id;
        });
        Assert.Equal(["a", "c", "b"], places);
    }

    [Fact]
    public void Zones_fill_evenly()
    {
        var board = new PlacementBoard(
            [Node("a1", zone: "a"), Node("a2", zone: "a"), Node("b1", zone: "b"), Node("b2", zone: "b")],
            new PlacementGroups());
        for (var count = 0; count < 40; count++) board.Add(PlacementPolicy.Choose(board, PlacementWish.None), PlacementWish.None);
        Assert.All(Enumerable.Range(0, 4), index => Assert.Equal(10, board.TenantsOf(index)));
    }

    [Fact]
    public void Whatever_the_cluster_looks_like_the_choice_keeps_the_rules()
    {
        for (var seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            var nodes = Enumerable.Range(0, random.Next(1, 12)).Select(number => Any($"n{number}", random)).ToList();
            var wish = random.Next(3) == 0 ? new PlacementWish($"z{random.Next(3)}", null, null) : PlacementWish.None;
            var except = random.Next(2) == 0 ? "n0" : null;
            var board = new PlacementBoard(nodes, new PlacementGroups());
            var index = PlacementPolicy.Choose(board, wish, except);
            var allowed = nodes.Where(node => node.IsOpen && node.Id != except && (wish.Zone ?? node.Zone) == node.Zone).ToList();
            Assert.True(index >= 0 == allowed.Count > 0, $"seed {seed}");
            if (index < 0) continue;
            var chosen = board[index];
            Assert.Contains(chosen, allowed);
            var best = allowed.Where(node => node.Condition == NodeCondition.Healthy).ToList();
            if (best.Count > 0) Assert.True(chosen.Condition == NodeCondition.Healthy, $"seed {seed}");
            if (best.Any(node => node.HasRoom(0))) Assert.True(chosen.HasRoom(0), $"seed {seed}");
        }
    }

    internal static PlacementNode Node(
        string id, string zone = "", double cpu = 0, double memory = 0, int active = 0, int places = 100,
        double diskFree = 1) => new(
        id, zone, NodeCondition.Healthy, false,
        new NodeLoad
        {
            CpuFraction = cpu,
            MemoryBytes = (long)(memory * 1000),
            MemoryBytesMax = 1000,
            DiskBytesFree = (long)(diskFree * 1000),
            DiskBytesMax = 1000,
            TenantsActive = active,
            TenantsActiveMax = places,
        });

    private static PlacementNode Any(string id, Random random) =>
        Node(
            id, $"z{random.Next(3)}", random.NextDouble(), random.NextDouble(), random.Next(120),
            random.Next(6) == 0 ? 0 : 100, random.NextDouble()) with
        {
            Condition = (NodeCondition)random.Next(3),
            IsCordoned = random.Next(5) == 0,
            Pending = random.Next(10),
        };

    private static string? Choose(IEnumerable<PlacementNode> nodes, PlacementWish? wish = null)
    {
        var board = new PlacementBoard(nodes, new PlacementGroups());
        var index = PlacementPolicy.Choose(board, wish ?? PlacementWish.None);
        return index < 0 ? null : board[index].Id;
    }
}
