using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Platform.Cluster.Coordinator;
using Platform.Cluster.Events;
using Platform.Cluster.Liveness;
using Platform.Cluster.Membership;
using Platform.Cluster.Store;
using Platform.Messages.Identity;
using Platform.Testing;

namespace Platform.Cluster.Tests.Liveness;

/// <summary>What is evidence of a process's death and what is not; the same over every store.</summary>
public abstract class LivenessContract
{
    /// <summary>Many times what the watch needs to be sure.</summary>
    private static readonly TimeSpan LongEnough = TimeSpan.FromMilliseconds(700);

    [Fact]
    public async Task A_node_whose_connection_breaks_and_whose_listener_refuses_is_lost_before_its_lease_ends()
    {
        await using var cluster = await StartAsync();
        await using var host = await WatchedHost.StartAsync("n1");
        var process = await cluster.JoinAsync(host.Node);
        var lease = (await cluster.EntryOfAsync("n1"))!.LeaseId;
        var watch = await cluster.FollowedAsync(process, await cluster.LeadAsync());
        await host.DieAsync();
        await watch.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System);
        Assert.Null(await cluster.EntryOfAsync("n1"));
        await Assert.ThrowsAsync<StoreLeaseNotFoundException>(
            () => cluster.Store.RenewLeaseAsync(lease, CancellationToken.None));
        var told = await cluster.Store.GetAsync(EventNotes.Prefix + EventKinds.NodeDead, CancellationToken.None);
        var note = JsonSerializer.Deserialize(told!.Value.Span, EventJson.Default.EventNote)!;
        Assert.Equal("n1", note.Node);
        Assert.Contains("refuses connections", note.Reason);
    }

    [Fact]
    public async Task A_node_that_stops_in_good_order_says_so_and_is_not_taken_for_dead()
    {
        await using var cluster = await StartAsync();
        await using var host = await WatchedHost.StartAsync("n1");
        var process = await cluster.JoinAsync(host.Node);
        await cluster.FollowedAsync(process, await cluster.LeadAsync());
        await host.StopAsync();
        await RemainsAsync(cluster, "n1");
    }

    [Fact]
    public async Task A_broken_connection_alone_proves_nothing_and_the_node_shows_that_it_lives()
    {
        await using var cluster = await StartAsync();
        await using var host = await WatchedHost.StartAsync("n1");
        var process = await cluster.JoinAsync(host.Node);
        await cluster.FollowedAsync(process, await cluster.LeadAsync());
        host.BreakConnections();
        await Eventually.TrueAsync("the node tells that it lives", () => host.Announced == 1);
        await Eventually.TrueAsync("the node is followed again", () => cluster.Surroundings.Followed == 2);
        await RemainsAsync(cluster, "n1");
    }

    [Fact]
    public async Task Refusals_alone_prove_nothing_because_the_address_may_be_wrong()
    {
        await using var cluster = await StartAsync();
        var node = new LocalNode("n1", "", [ClusterRoles.TenantNode], TimeProvider.System.GetUtcNow());
        node.Announce(new Uri($"http://127.0.0.1:{ClosedPort()}"));
        _ = cluster.Watch(await cluster.JoinAsync(node), await cluster.LeadAsync());
        await RemainsAsync(cluster, "n1");
    }

    [Fact]
    public async Task A_node_that_is_silent_proves_nothing()
    {
        await using var cluster = await StartAsync();
        var host = await WatchedHost.StartAsync("n1");
        var process = await cluster.JoinAsync(host.Node);
        await cluster.FollowedAsync(process, await cluster.LeadAsync());

        // Something takes connections at the address, as the kernel of a frozen process does, and never answers.
        await host.DisposeAsync();
        using var mute = new TcpListener(IPAddress.Loopback, process.Address.Port);
        mute.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        mute.Start();
        await RemainsAsync(cluster, "n1");
    }

    [Fact]
    public async Task A_node_that_writes_its_entry_after_the_first_refusal_lives()
    {
        await using var cluster = await StartAsync();
        await using var host = await WatchedHost.StartAsync("n1");
        var process = await cluster.JoinAsync(host.Node);
        var decision = new HeartbeatBeforeTheEnd(await cluster.LeadAsync(), cluster, host.Node);
        await cluster.FollowedAsync(process, decision);
        await host.DieAsync();
        await Eventually.TrueAsync("the end is tried", () => decision.Refused > 0);
        await RemainsAsync(cluster, "n1");
        Assert.Equal(0, decision.Ended);
    }

    [Fact]
    public async Task Who_sees_nobody_else_is_no_witness()
    {
        await using var cluster = await StartAsync();
        await using var host = await WatchedHost.StartAsync("n1");
        var process = await cluster.JoinAsync(host.Node);
        await cluster.FollowedAsync(process, await cluster.LeadAsync());
        await cluster.Company.StopAsync();
        await Eventually.TrueAsync("the company is gone", () => cluster.Surroundings.Followed == 1);
        await host.DieAsync();
        await RemainsAsync(cluster, "n1");
    }

    [Fact]
    public async Task Who_is_not_in_office_decides_nothing_until_it_is()
    {
        await using var cluster = await StartAsync();
        await using var host = await WatchedHost.StartAsync("n1");
        var process = await cluster.JoinAsync(host.Node);
        var leader = new LocalNode("c1", "", [ClusterRoles.ControlPlane], TimeProvider.System.GetUtcNow());
        leader.Announce(new Uri("http://c1:1"));
        var first = cluster.Candidate(leader);
        await Eventually.TrueAsync(() => first.Term is not null && cluster.Office.Current is not null);
        var standby = new LocalNode("c2", "", [ClusterRoles.ControlPlane], TimeProvider.System.GetUtcNow());
        standby.Announce(new Uri("http://c2:1"));
        var second = cluster.Candidate(standby);
        var watch = await cluster.FollowedAsync(process, cluster.Nodes(second));
        await host.DieAsync();
        await RemainsAsync(cluster, "n1");
        var office = await cluster.Store.GetAsync(ClusterKeys.Coordinator, CancellationToken.None);

        // As when the first dies: whichever is elected now may be either, so it is made the second by taking turns.
        while (second.Term is null)
        {
            office = await cluster.Store.GetAsync(ClusterKeys.Coordinator, CancellationToken.None);
            if (office is not null && second.Term is null)
                await cluster.Store.RevokeLeaseAsync(office.LeaseId, CancellationToken.None);
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, CancellationToken.None);
        }

        await watch.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System);
        Assert.Null(await cluster.EntryOfAsync("n1"));
    }

    [Fact]
    public async Task The_office_of_a_dead_coordinator_is_free_at_once_and_one_that_lives_stands_down()
    {
        await using var cluster = await StartAsync();
        await using var host = await WatchedHost.StartAsync("c1", role: ClusterRoles.ControlPlane);
        var election = cluster.Candidate(host.Node);
        await Eventually.TrueAsync(() => election.Term is not null && cluster.Office.Current is not null);
        var deposed = election.Term!;
        var watch = await cluster.FollowedAsync(HolderOf(cluster), cluster.DeadCoordinator());

        // Its listener dies and it does not: the worst that can be mistaken for death.
        await host.DieAsync();
        await watch.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System);
        await Eventually.TrueAsync("it stands again", () => election.Term is { } term && term.Epoch > deposed.Epoch);
        Assert.True(deposed.Over.IsCancellationRequested);
        var routes = new RouteTransactions(cluster.Store, new RouteMap(), TimeProvider.System);
        await Assert.ThrowsAsync<CoordinatorReplacedException>(() => routes.TryWriteAsync(
            deposed, TenantId.Parse("acme"), 0, new ShardRouteDocument { Node = "n1" }, CancellationToken.None));
        Assert.Null(await cluster.Store.GetAsync(ClusterKeys.Route(TenantId.Parse("acme")), CancellationToken.None));
    }

    [Fact]
    public async Task The_office_of_a_coordinator_whose_process_was_started_anew_is_free_at_once()
    {
        await using var cluster = await StartAsync();
        await using var host = await WatchedHost.StartAsync("c1", role: ClusterRoles.ControlPlane);
        var before = new LocalNode("c1", "", [ClusterRoles.ControlPlane], TimeProvider.System.GetUtcNow());
        before.Announce(host.Url);
        var election = cluster.Candidate(before);
        await Eventually.TrueAsync(() => election.Term is not null && cluster.Office.Current is not null);
        var epoch = election.Term!.Epoch;
        await cluster.Watch(HolderOf(cluster), cluster.DeadCoordinator())
            .WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System);
        await Eventually.TrueAsync(() => election.Term is { } term && term.Epoch > epoch);
    }

    [Fact]
    public async Task An_office_that_changed_hands_is_not_ended_by_who_watched_the_one_before()
    {
        await using var cluster = await StartAsync();
        await using var host = await WatchedHost.StartAsync("c1", role: ClusterRoles.ControlPlane);
        var election = cluster.Candidate(host.Node);
        await Eventually.TrueAsync(() => election.Term is not null && cluster.Office.Current is not null);
        var before = HolderOf(cluster) with { Entry = election.Term!.Epoch - 1 };
        await cluster.FollowedAsync(before, cluster.DeadCoordinator());
        await host.DieAsync();
        await Task.Delay(LongEnough, TimeProvider.System, CancellationToken.None);
        Assert.NotNull(await cluster.Store.GetAsync(ClusterKeys.Coordinator, CancellationToken.None));
        Assert.NotNull(election.Term);
    }

    private protected abstract Task<IClusterStore> OpenStoreAsync();

    private static WatchedProcess HolderOf(LivenessFixture cluster)
    {
        var (office, epoch) = cluster.Office.Office;
        return new WatchedProcess(office!.Node, office.Instance, new Uri(office.Address), epoch);
    }

    /// <summary>The node's entry is there throughout a time that is long enough to be sure.</summary>
    private static async Task RemainsAsync(LivenessFixture cluster, string node)
    {
        await Task.Delay(LongEnough, TimeProvider.System, CancellationToken.None);
        Assert.NotNull(await cluster.EntryOfAsync(node));
    }

    private static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<LivenessFixture> StartAsync() => await LivenessFixture.StartAsync(await OpenStoreAsync());

    /// <summary>A node whose heartbeat arrives just before its entry is ended.</summary>
    private sealed class HeartbeatBeforeTheEnd(ILossDecision decision, LivenessFixture cluster, LocalNode node) : ILossDecision
    {
        public int Refused { get; private set; }

        public int Ended { get; private set; }

        public bool IsOurs => decision.IsOurs;

        public bool EndsWithSuccessor => decision.EndsWithSuccessor;

        public Task<StoreEntry?> FindAsync(WatchedProcess process, CancellationToken cancellationToken) =>
            decision.FindAsync(process, cancellationToken);

        public async Task<bool> TryEndAsync(
            WatchedProcess process, StoreEntry found, string reason, CancellationToken cancellationToken)
        {
            await cluster.BeatAsync(node, found.LeaseId);
            var isEnded = await decision.TryEndAsync(process, found, reason, cancellationToken);
            if (isEnded) Ended++;
            else Refused++;
            return isEnded;
        }
    }
}
