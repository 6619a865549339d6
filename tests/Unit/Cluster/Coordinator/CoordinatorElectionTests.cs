using Platform.Cluster.Coordinator;
using Platform.Cluster.Membership;
using Platform.Testing;

namespace Platform.Cluster.Tests.Coordinator;

public sealed class CoordinatorElectionTests
{
    [Fact]
    public async Task One_of_several_candidates_leads()
    {
        await using var cluster = await CoordinatorFixture.StartAsync();
        var candidates = Enumerable.Range(1, 3).Select(number => cluster.Candidate($"c{number}").Election).ToList();
        foreach (var candidate in candidates) cluster.Run(candidate);
        await Eventually.TrueAsync(() => candidates.Count(candidate => candidate.Term is not null) == 1);
        var leader = candidates.Single(candidate => candidate.Term is not null);
        await Eventually.TrueAsync(() => cluster.Office.Current is not null);
        var entry = await cluster.Store.GetAsync(ClusterKeys.Coordinator, CancellationToken.None);
        Assert.Equal(entry!.CreateRevision, leader.Term!.Epoch);
    }

    [Fact]
    public async Task A_coordinator_that_is_cut_off_stops_before_the_next_begins_and_can_change_nothing()
    {
        await using var cluster = await CoordinatorFixture.StartAsync();
        var (first, way) = cluster.Candidate("c1");
        cluster.Run(first);
        await Eventually.TrueAsync(() => first.Term is not null);
        var deposed = first.Term!;
        var (second, _) = cluster.Candidate("c2");
        cluster.Run(second);
        way.Cut();
        while (first.Term is not null)
        {
            Assert.Null(second.Term);
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, CancellationToken.None);
        }

        await Eventually.TrueAsync(() => second.Term is not null);
        Assert.True(second.Term!.Epoch > deposed.Epoch);
        var tenant = cluster.AddTenant("acme");
        await Assert.ThrowsAsync<CoordinatorReplacedException>(() => cluster.Transactions.TryWriteAsync(
            deposed, tenant, 0, new ShardRouteDocument { Node = "n1" }, CancellationToken.None));
        Assert.Null(await cluster.Store.GetAsync(ClusterKeys.Route(tenant), CancellationToken.None));
        way.Heal();
    }

    [Fact]
    public async Task A_coordinator_whose_key_is_gone_stands_again_under_a_new_epoch()
    {
        await using var cluster = await CoordinatorFixture.StartAsync();
        var (candidate, _) = cluster.Candidate("c1");
        cluster.Run(candidate);
        await Eventually.TrueAsync(() => candidate.Term is not null);
        var first = candidate.Term!.Epoch;
        var entry = await cluster.Store.GetAsync(ClusterKeys.Coordinator, CancellationToken.None);
        await cluster.Store.RevokeLeaseAsync(entry!.LeaseId, CancellationToken.None);
        await Eventually.TrueAsync(() => candidate.Term is { } term && term.Epoch > first);
    }
}
