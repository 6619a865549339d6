using Platform.Cluster.Coordinator;
using Platform.Cluster.Events;
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
        var (candidate, _) = cluster.Candidate("c1");
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
