using Platform.Cluster.Coordinator.Placement;
using Platform.Cluster.Membership;
using Platform.Cluster.Store;
using Platform.Testing;

namespace Platform.Cluster.Tests.Coordinator;

public sealed class TenantAssignmentTests
{
    [Fact]
    public async Task Many_that_ask_at_once_get_one_owner()
    {
        await using var cluster = await CoordinatorFixture.StartAsync();
        await cluster.AddNodeAsync("n1");
        await cluster.AddNodeAsync("n2");
        var tenant = cluster.AddTenant("acme");
        var term = await cluster.LeadAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(
            _ => cluster.Assignments.AssignAsync(term, tenant, 0, CancellationToken.None)));
        var answer = Assert.Single(answers.Distinct());
        Assert.Equal($"http://{answer!.Node}:1", answer.Address);
        var entry = await cluster.Store.GetAsync(ClusterKeys.Route(tenant), CancellationToken.None);
        Assert.Equal(answer.Epoch, entry!.ModRevision);
    }

    [Fact]
    public async Task Assignments_between_two_heartbeats_spread()
    {
        await using var cluster = await CoordinatorFixture.StartAsync();
        for (var number = 0; number < 4; number++) await cluster.AddNodeAsync($"n{number}");
        var term = await cluster.LeadAsync();
        for (var number = 0; number < 40; number++)
            await cluster.Assignments.AssignAsync(term, cluster.AddTenant($"t{number}"), 0, CancellationToken.None);
        for (var number = 0; number < 4; number++) Assert.Equal(10, cluster.Routes.CountOf($"n{number}"));
    }

    [Fact]
    public async Task An_owner_that_is_gone_is_replaced_under_a_higher_epoch()
    {
        await using var cluster = await CoordinatorFixture.StartAsync();
        await cluster.AddNodeAsync("n1");
        var tenant = cluster.AddTenant("acme");
        var term = await cluster.LeadAsync();
        var first = await cluster.Assignments.AssignAsync(term, tenant, 0, CancellationToken.None);
        await cluster.AddNodeAsync("n2");
        await cluster.LoseNodeAsync("n1");
        await Eventually.TrueAsync(() => cluster.Nodes.Find("n1")?.Document is null);
        var second = await cluster.Assignments.AssignAsync(term, tenant, first!.Epoch, CancellationToken.None);
        Assert.Equal("n2", second!.Node);
        Assert.True(second.Epoch > first.Epoch);
    }

    [Fact]
    public async Task Without_a_node_or_for_an_unknown_tenant_there_is_no_owner()
    {
        await using var cluster = await CoordinatorFixture.StartAsync();
        var term = await cluster.LeadAsync();
        var tenant = cluster.AddTenant("acme");
        Assert.Null(await cluster.Assignments.AssignAsync(term, tenant, 0, CancellationToken.None));
        await cluster.AddNodeAsync("n1");
        var unknown = Platform.Messages.Identity.TenantId.Parse("nobody");
        Assert.Null(await cluster.Assignments.AssignAsync(term, unknown, 0, CancellationToken.None));
        Assert.NotNull(await cluster.Assignments.AssignAsync(term, tenant, 0, CancellationToken.None));
    }

    [Fact]
    public async Task Tenants_of_a_lost_node_get_new_owners_at_once_and_those_in_use_are_opened()
    {
        await using var cluster = await CoordinatorFixture.StartAsync();
        await cluster.AddNodeAsync("n1");
        var (candidate, _) = cluster.Candidate("c1");
        cluster.Run(candidate, withLoop: true);
        await Eventually.TrueAsync(() => candidate.Term is not null);
        var tenants = Enumerable.Range(0, 250).Select(number => cluster.AddTenant($"t{number}")).ToList();
        foreach (var tenant in tenants)
            await cluster.Assignments.AssignAsync(candidate.Term!, tenant, 0, CancellationToken.None);
        await cluster.AddNodeAsync("n1", tenants: tenants.Take(120));
        await cluster.AddNodeAsync("n2");
        await cluster.AddNodeAsync("n3");
        await cluster.LoseNodeAsync("n1");
        await Eventually.TrueAsync(() => cluster.Routes.CountOf("n1") == 0);
        Assert.Equal(250, cluster.Routes.CountOf("n2") + cluster.Routes.CountOf("n3"));
        Assert.Equal(
            tenants.Take(120).Select(tenant => tenant.Value).Order(StringComparer.Ordinal),
            cluster.Routes.All().Where(route => route.Document.Activate).Select(route => route.Tenant.Value)
                .Order(StringComparer.Ordinal));
        Assert.InRange(cluster.Routes.All().Count(route => route.Node == "n2" && route.Document.Activate), 50, 70);
    }

    [Fact]
    public async Task A_node_that_is_back_keeps_its_tenants_though_the_plan_said_otherwise()
    {
        await using var cluster = await CoordinatorFixture.StartAsync();
        await cluster.AddNodeAsync("n1");
        var tenant = cluster.AddTenant("acme");
        var term = await cluster.LeadAsync();
        await cluster.Assignments.AssignAsync(term, tenant, 0, CancellationToken.None);
        await cluster.AddNodeAsync("n2");
        var count = await cluster.Transactions.ReassignAsync(
            term, "n1", [new PlannedMove(tenant, "n1", "n2", true)], CancellationToken.None);
        Assert.Equal(0, count);
        Assert.Equal(1, cluster.Routes.CountOf("n1"));
    }

    [Fact]
    public async Task A_node_that_is_drained_is_emptied_in_steps()
    {
        await using var cluster = await CoordinatorFixture.StartAsync();
        await cluster.AddNodeAsync("n1");
        var (candidate, _) = cluster.Candidate("c1");
        cluster.Run(candidate, withLoop: true);
        await Eventually.TrueAsync(() => candidate.Term is not null);
        for (var number = 0; number < 20; number++)
            await cluster.Assignments.AssignAsync(
                candidate.Term!, cluster.AddTenant($"t{number}"), 0, CancellationToken.None);
        await cluster.AddNodeAsync("n2");
        await cluster.Store.CommitAsync(
            new() { Operations = [StoreOperation.Put(ClusterKeys.CordonedNode("n1"), "{\"isDraining\":true}"u8.ToArray())] },
            CancellationToken.None);
        await Eventually.TrueAsync(() => cluster.Routes.CountOf("n2") == 20);
        Assert.Equal(20, cluster.Moves.Count);
    }
}
