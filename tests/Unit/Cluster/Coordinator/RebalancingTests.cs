using Platform.Cluster.Coordinator;
using Platform.Cluster.Events;
using Platform.Cluster.Membership;
using Platform.Testing;

namespace Platform.Cluster.Tests.Coordinator;

public sealed class RebalancingTests
{
    [Fact]
    public async Task What_a_dry_run_shows_is_what_is_done_and_only_then()
    {
        await using var cluster = await CoordinatorFixture.StartAsync();
        var rebalancing = await CrowdAsync(cluster);

        var shown = await rebalancing.RunAsync(isDryRun: true, CancellationToken.None);
        Assert.True(shown!.IsDryRun);
        Assert.NotEmpty(shown.Moves);
        Assert.All(shown.Moves, move => Assert.Equal(("full", "empty"), (move.From, move.To)));
        Assert.Equal(150, shown.Nodes.Single(node => node.Id == "full").TenantsActive);
        Assert.Empty(cluster.Moves);
        Assert.Null(await cluster.Store.GetAsync(EventNotes.Prefix + EventKinds.RebalanceBegun, CancellationToken.None));

        var done = await rebalancing.RunAsync(isDryRun: false, CancellationToken.None);
        Assert.Equal(shown.Moves, done!.Moves);
        await Eventually.TrueAsync(() => done.Moves.All(move => cluster.Routes.TryFind(move.Tenant, out var route) && route.Node == "empty"));
        Assert.NotNull(await cluster.Store.GetAsync(EventNotes.Prefix + EventKinds.RebalanceBegun, CancellationToken.None));
    }

    [Fact]
    public async Task The_tenant_that_a_heartbeat_names_leaves_a_node_that_is_hot_and_its_nodes_are_left_alone_then()
    {
        await using var cluster = await CoordinatorFixture.StartAsync();
        var (candidate, _) = cluster.Candidate("c1", leaseSeconds: 60);
        cluster.Run(candidate, withLoop: true);
        await Eventually.TrueAsync(() => candidate.Term is not null);
        var tenants = Enumerable.Range(0, 5).Select(number => cluster.AddTenant($"t{number}")).ToList();
        await cluster.AddNodeAsync("hot");
        foreach (var tenant in tenants)
            await cluster.Assignments.AssignAsync(candidate.Term!, tenant, 0, CancellationToken.None);
        await cluster.AddNodeAsync("cool", load: new NodeLoad { Processors = 4, TenantsActiveMax = 1000 });
        var load = new NodeLoad
        {
            Processors = 4,
            CpuFraction = 0.4,
            CpuSteady = 0.7,
            CpuOfTenants = 0.68,
            Busiest = [new BusyTenant { Tenant = "t2", Cpu = 0.36 }, new BusyTenant { Tenant = "t4", Cpu = 0.3 }],
            TenantsActive = 5,
            TenantsActiveMax = 1000,
        };
        await cluster.AddNodeAsync("hot", tenants: tenants, load: load);
        await Eventually.TrueAsync(() => cluster.Nodes.Find("hot")!.Document!.Load.CpuSteady == 0.7);

        var done = await cluster.Rebalancing!.RunAsync(isDryRun: false, CancellationToken.None);
        Assert.Equal([("t2", "hot", "cool")], done!.Moves.Select(move => (move.Tenant.Value, move.From, move.To)));
        await Eventually.TrueAsync(() => cluster.Moves.Count == 1);

        // The heartbeat of before, which does not show the move, makes no other.
        Assert.Empty((await cluster.Rebalancing.RunAsync(isDryRun: false, CancellationToken.None))!.Moves);
    }

    [Fact]
    public async Task Out_of_office_it_answers_nothing()
    {
        await using var cluster = await CoordinatorFixture.StartAsync();
        var rebalancing = await CrowdAsync(cluster);
        rebalancing.Enter(null);
        Assert.Null(await rebalancing.RunAsync(isDryRun: true, CancellationToken.None));
    }

    /// <summary>A coordinator, a node with all tenants, and one with none: 15 % apart, below what begins by itself.</summary>
    private static async Task<Rebalancing> CrowdAsync(CoordinatorFixture cluster)
    {
        var (candidate, _) = cluster.Candidate("c1", leaseSeconds: 60);
        cluster.Run(candidate, withLoop: true);
        await Eventually.TrueAsync(() => candidate.Term is not null);
        var tenants = Enumerable.Range(0, 5).Select(number => cluster.AddTenant($"t{number}")).ToList();
        await cluster.AddNodeAsync("full");
        foreach (var tenant in tenants)
            await cluster.Assignments.AssignAsync(candidate.Term!, tenant, 0, CancellationToken.None);
        await cluster.AddNodeAsync("full", active: 150, tenants);
        await cluster.AddNodeAsync("empty");
        await Eventually.TrueAsync(() => cluster.Nodes.Find("full")!.Document!.Load.TenantsActive == 150);
        return cluster.Rebalancing!;
    }
}
