using System.Text;
using System.Text.Json;
using Platform.Cluster.Coordinator.Placement;
using Platform.Cluster.Membership;
using Platform.Messages.Identity;

namespace Platform.Cluster.Tests.Coordinator.Placement;

/// <summary>Plans over nodes of ten processors and a hundred places, whose tenants cost what the test says.</summary>
public sealed class RebalanceByLoadTests
{
    private const int Processors = 10;

    [Fact]
    public void The_tenant_goes_first_that_relieves_a_hot_node_most()
    {
        var moves = Plan([[0.05, 0.30, 0.20, 0.05], [0.10, 0.10]]);

        // 0.60 and 0.20: with 0.20 moved both have 0.40, and after that nothing is left to do.
        Assert.Equal("n0-2 to n1", Assert.Single(moves));
    }

    [Fact]
    public void A_tenant_that_fills_a_node_alone_stays_and_its_neighbours_leave_it()
    {
        var moves = Plan([[0.70, 0.10, 0.05], [0.10], [0.10]]);
        Assert.Equal(["n0-1 to n1", "n0-2 to n2"], moves.Order(StringComparer.Ordinal));
        Assert.Empty(Plan([[0.80], [0.10]], isUnderWay: true));
    }

    [Fact]
    public void Next_to_nothing_is_not_moved_away_from_a_tenant_that_fills_its_node() =>
        Assert.Empty(Plan([[0.80, .. Enumerable.Repeat(0.0001, 50)], [.. Enumerable.Repeat(0.0001, 50)]]));

    [Fact]
    public void Many_small_tenants_that_make_a_node_hot_together_are_moved() =>
        Assert.Equal(4, Plan([[.. Enumerable.Repeat(0.01, 70)], [.. Enumerable.Repeat(0.01, 10)]]).Count);

    [Fact]
    public void Where_places_are_scarce_those_go_that_cost_least()
    {
        var moves = Plan([[0.03, .. Enumerable.Repeat(0.001, 59)], [0.02]]);
        Assert.Equal(4, moves.Count);
        Assert.DoesNotContain("n0-0 to n1", moves);
    }

    [Fact]
    public void Memory_that_no_tenant_holds_moves_nobody()
    {
        static PlacementNode With(PlacementNode node, double sqlite) => node with
        {
            Load = node.Load with { MemoryBytes = 800, MemoryBytesMax = 1000, SqliteBytes = (long)(sqlite * 800) },
        };
        IReadOnlyList<double>[] tenants = [[0.01, 0.01, 0.01, 0.01], [0.01]];
        Assert.Empty(Plan(tenants, change: node => node.Id == "n0" ? With(node, sqlite: 0.05) : node));
        Assert.NotEmpty(Plan(tenants, change: node => node.Id == "n0" ? With(node, sqlite: 0.9) : node));
    }

    [Fact]
    public void A_smaller_node_is_given_what_fits_its_processors()
    {
        var moves = Plan(
            [[0.30, 0.20], [0.01]],
            change: node => node.Id == "n1" ? node with { Load = node.Load with { Processors = 2 } } : node);

        // Two of ten processors are all that the other has, and 0.30 would be more.
        Assert.Empty(moves);
    }

    [Fact]
    public void A_node_whose_load_does_not_show_its_moves_yet_neither_gives_nor_takes()
    {
        IReadOnlyList<double>[] tenants = [[0.30, 0.30], [0.01], [0.05]];
        Assert.Equal("n0-0 to n2", Assert.Single(Plan(tenants, isSettled: node => node != "n1"))[..10]);
        Assert.Empty(Plan(tenants, isSettled: node => node != "n0"));
    }

    [Fact]
    public void A_hot_node_that_nobody_can_relieve_does_not_lower_the_threshold_of_the_others() =>
        Assert.Empty(Plan([[0.90], [0.12, 0.10], [0.04, 0.04]]));

    [Fact]
    public void A_node_of_a_release_that_names_no_tenants_has_tenants_that_are_all_alike()
    {
        var document = JsonSerializer.Deserialize(
            """
            {"id":"n0","instance":"i","folder":"f","address":"http://n0:1",
             "load":{"processors":10,"cpuFraction":0.8,"tenantsActive":8,"tenantsActiveMax":100}}
            """u8,
            MembershipJson.Default.NodeDocument)!;
        var old = new PlacementNode("n0", "", NodeCondition.Healthy, false, document.Load);
        Assert.Equal((0.8, 1.0), (old.Cpu, old.CostOf(null).Processors));
        Assert.Empty(document.Load.Busiest);

        var board = new PlacementBoard([old, Node(1, [0.1])], new PlacementGroups());
        var moves = RebalancePlan.Make(
            board, node => [.. Enumerable.Range(0, 8).Select(number => Tenant(node, number, old.CostOf(null)))], false,
            new RebalanceLimits());

        // 0.8 and 0.1 in steps of 0.1, until they are less than a twelfth apart or would change places.
        Assert.Equal(3, moves.Count);
    }

    [Fact]
    public void A_heartbeat_with_its_busiest_tenants_stays_short_and_is_understood()
    {
        var shares = new TenantShares();
        var work = Enumerable.Range(0, 2000).Select(number => KeyValuePair.Create(
            TenantId.Parse($"a-tenant-with-a-long-name-{number:D6}"), TimeSpan.FromSeconds(0.01 + number % 30)));
        var document = new NodeDocument
        {
            Id = "n1",
            Instance = "i",
            Folder = "f",
            Address = "http://n1:1",
            Load = NodeLoad.Of(new NodeReading(
                DateTimeOffset.UnixEpoch, 0.9, 1, 2, 3, 4, shares.Sample(work, 0.9, TimeSpan.FromHours(9))), null),
        };
        var json = JsonSerializer.SerializeToUtf8Bytes(document, MembershipJson.Default.NodeDocument);
        Assert.True(json.Length < 2500, Encoding.UTF8.GetString(json));
        var read = JsonSerializer.Deserialize(json, MembershipJson.Default.NodeDocument)!;
        Assert.Equal(document.Load.Busiest, read.Load.Busiest);
        Assert.Equal(document.Load.CpuOfTenants, read.Load.CpuOfTenants);
    }

    private static List<string> Plan(
        IReadOnlyList<double>[] tenants, bool isUnderWay = false, Func<PlacementNode, PlacementNode>? change = null,
        Func<string, bool>? isSettled = null)
    {
        var nodes = tenants.Select((cpu, number) => Node(number, cpu)).Select(node => change?.Invoke(node) ?? node).ToList();
        var moves = RebalancePlan.Make(
            new PlacementBoard(nodes, new PlacementGroups()),
            id => [.. tenants[int.Parse(id[1..])].Select((cpu, number) =>
                Tenant(id, number, nodes.Single(node => node.Id == id).CostOf(cpu)))],
            isUnderWay, new RebalanceLimits(), isSettled);
        return [.. moves.Select(move => $"{move.Tenant.Value} to {move.To}")];
    }

    private static PlacedTenant Tenant(string node, int number, TenantCost cost) =>
        new(TenantId.Parse($"{node}-{number}"), PlacementWish.None, Cost: cost);

    private static PlacementNode Node(int number, IReadOnlyList<double> cpu) => new(
        $"n{number}", "", NodeCondition.Healthy, false,
        new NodeLoad
        {
            Processors = Processors,
            CpuFraction = cpu.Sum(),
            CpuSteady = cpu.Sum(),
            CpuOfTenants = cpu.Sum(),
            TenantsActive = cpu.Count,
            TenantsActiveMax = 100,
        });
}
