using Platform.Cluster.Membership;
using Platform.Cluster.Store;
using Platform.Testing;

namespace Platform.Cluster.Tests.Membership;

public sealed class NodeMembershipTests
{
    [Fact]
    public async Task A_node_that_joined_is_seen_and_one_that_left_is_forgotten()
    {
        await using var cluster = await MembershipFixture.StartAsync();
        var (member, _) = cluster.Member("n1", "f1");
        Assert.False(member.IsServing);
        await member.JoinAsync(CancellationToken.None);
        Assert.True(member.IsServing);
        await Eventually.TrueAsync(() => cluster.ConditionOf("n1") == NodeCondition.Healthy);
        Assert.Equal("zone-1", cluster.Nodes.Find("n1")!.Zone);
        await member.LeaveAsync(CancellationToken.None);
        Assert.False(member.IsServing);
        await Eventually.TrueAsync(() => cluster.Nodes.Find("n1") is null);
    }

    [Fact]
    public async Task A_node_keeps_its_lease_for_longer_than_one_lease_lasts()
    {
        await using var cluster = await MembershipFixture.StartAsync();
        var (member, _) = cluster.Member("n1", "f1");
        await member.JoinAsync(CancellationToken.None);
        cluster.Run(member);
        for (var turn = 0; turn < 30; turn++)
        {
            Assert.True(member.IsServing);
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, CancellationToken.None);
        }

        Assert.NotNull(await cluster.Store.GetAsync("/nodes/n1", CancellationToken.None));
    }

    [Fact]
    public async Task A_node_that_is_cut_off_stops_serving_before_it_is_down_for_others_and_comes_back()
    {
        await using var cluster = await MembershipFixture.StartAsync();
        var (member, way) = cluster.Member("n1", "f1");
        var losses = 0;
        member.Lost = () =>
        {
            Interlocked.Increment(ref losses);
            return Task.CompletedTask;
        };
        await member.JoinAsync(CancellationToken.None);
        cluster.Run(member);
        way.Cut();
        while (member.IsServing)
        {
            Assert.NotEqual(NodeCondition.Down, cluster.ConditionOf("n1"));
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, CancellationToken.None);
        }

        Assert.NotNull(await cluster.Store.GetAsync("/nodes/n1", CancellationToken.None));
        await Eventually.TrueAsync(() => cluster.ConditionOf("n1") == NodeCondition.Down);
        Assert.Equal(1, losses);
        way.Heal();
        await Eventually.TrueAsync(() => member.IsServing && cluster.ConditionOf("n1") == NodeCondition.Healthy);
        Assert.Equal(1, losses);
    }

    [Fact]
    public async Task A_lease_that_the_store_ended_early_is_noticed_and_joined_again()
    {
        await using var cluster = await MembershipFixture.StartAsync();
        var (member, _) = cluster.Member("n1", "f1");
        await member.JoinAsync(CancellationToken.None);
        cluster.Run(member);
        var first = (await cluster.Store.GetAsync("/nodes/n1", CancellationToken.None))!;
        await cluster.Store.RevokeLeaseAsync(first.LeaseId, CancellationToken.None);
        await Eventually.TrueAsync(async () =>
            await cluster.Store.GetAsync("/nodes/n1", CancellationToken.None) is { } entry
            && entry.LeaseId != first.LeaseId && member.IsServing);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_node_that_others_took_for_dead_stops_serving_and_joins_again(bool hearsOfRemoval)
    {
        await using var cluster = await MembershipFixture.StartAsync();
        var (member, _) = cluster.Member("n1", "f1", hearsOfRemoval);
        var wasServing = new List<bool>();
        member.Lost = () =>
        {
            wasServing.Add(member.IsServing);
            return Task.CompletedTask;
        };
        await member.JoinAsync(CancellationToken.None);
        cluster.Run(member);
        var first = (await cluster.Store.GetAsync("/nodes/n1", CancellationToken.None))!;
        await cluster.Store.CommitAsync(
            new() { Operations = [StoreOperation.Delete("/nodes/n1")] }, CancellationToken.None);

        // With news of it at once, although its lease lives; without, when the renewal finds the lease gone.
        if (!hearsOfRemoval) await cluster.Store.RevokeLeaseAsync(first.LeaseId, CancellationToken.None);
        await Eventually.TrueAsync(() => wasServing.Count == 1);
        Assert.False(wasServing[0]);
        await Eventually.TrueAsync(async () =>
            await cluster.Store.GetAsync("/nodes/n1", CancellationToken.None) is { } entry
            && entry.CreateRevision > first.CreateRevision && member.IsServing);
    }

    [Fact]
    public async Task An_id_that_a_live_node_has_is_refused_with_its_address()
    {
        await using var cluster = await MembershipFixture.StartAsync();
        var (first, _) = cluster.Member("n1", "f1");
        await first.JoinAsync(CancellationToken.None);
        cluster.Run(first);
        var (second, _) = cluster.Member("n1", "f2");
        var error = await Assert.ThrowsAsync<NodeIdTakenException>(() => second.JoinAsync(CancellationToken.None));
        Assert.Contains("'n1' is in use", error.Message);
        Assert.True(first.IsServing);
        Assert.False(second.IsServing);
    }

    [Fact]
    public async Task The_id_of_a_dead_node_can_be_used_when_its_lease_has_ended()
    {
        await using var cluster = await MembershipFixture.StartAsync();
        await cluster.Member("n1", "f1").Member.JoinAsync(CancellationToken.None);
        var (second, _) = cluster.Member("n1", "f2");
        await second.JoinAsync(CancellationToken.None);
        Assert.True(second.IsServing);
    }

    [Fact]
    public async Task A_process_that_starts_again_on_its_folder_is_back_at_once_and_never_looked_lost()
    {
        await using var cluster = await MembershipFixture.StartAsync();
        await cluster.Member("n1", "f1").Member.JoinAsync(CancellationToken.None);
        var before = await cluster.Store.GetAsync("/nodes/n1", CancellationToken.None);
        var (again, _) = cluster.Member("n1", "f1");
        await again.JoinAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(1), TimeProvider.System);
        cluster.Run(again);
        var after = await cluster.Store.GetAsync("/nodes/n1", CancellationToken.None);
        Assert.Equal(before!.CreateRevision, after!.CreateRevision);
        Assert.NotEqual(before.LeaseId, after.LeaseId);
        await Task.Delay(MembershipFixture.Ttl + TimeSpan.FromSeconds(1), TimeProvider.System, CancellationToken.None);
        Assert.Equal(
            before.CreateRevision,
            (await cluster.Store.GetAsync("/nodes/n1", CancellationToken.None))!.CreateRevision);
    }

    [Fact]
    public async Task A_cordon_outlives_the_node_and_its_heartbeats()
    {
        await using var cluster = await MembershipFixture.StartAsync();
        await cluster.Store.CommitAsync(
            new() { Operations = [StoreOperation.Put("/nodes-cordoned/n1", "{\"isDraining\":true}"u8.ToArray())] },
            CancellationToken.None);
        var (member, _) = cluster.Member("n1", "f1");
        await member.JoinAsync(CancellationToken.None);
        await Eventually.TrueAsync(() => cluster.Nodes.Find("n1") is { IsDraining: true, Document: not null });
        await member.LeaveAsync(CancellationToken.None);
        await Eventually.TrueAsync(() => cluster.Nodes.Find("n1") is { IsCordoned: true, Document: null });
    }
}
