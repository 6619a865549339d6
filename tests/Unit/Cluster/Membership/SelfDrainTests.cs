using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.Cluster.Membership;
using Platform.Cluster.Store;
using Platform.Testing;

namespace Platform.Cluster.Tests.Membership;

public sealed class SelfDrainTests : IAsyncLifetime
{
    private MembershipFixture _cluster = null!;
    private NodeIdentity _identity = null!;
    private NodeMembership _member = null!;
    private int _open = 3;

    public async Task InitializeAsync()
    {
        _cluster = await MembershipFixture.StartAsync();
        _identity = MembershipFixture.Identity("n1", "f1");
        _member = new NodeMembership(
            _cluster.Store, _identity, TimeSpan.FromSeconds(60), TimeProvider.System, NullLogger<NodeMembership>.Instance);
        await _member.JoinAsync(CancellationToken.None);
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task A_node_that_is_asked_to_stop_says_so_and_waits_for_its_tenants_to_leave()
    {
        await JoinOtherAsync();
        var draining = Drain(TimeSpan.FromMinutes(1)).RunAsync(CancellationToken.None);
        await Eventually.TrueAsync(() => _cluster.Nodes.Find("n1") is { IsDraining: true, IsCordoned: true });
        Assert.False(_cluster.Nodes.Find("n1")!.CanTakeTenants);
        Assert.True(_cluster.Nodes.Find("n2")!.CanTakeTenants);
        Assert.False(draining.IsCompleted);
        _open = 0;
        Assert.True(await draining);
    }

    [Fact]
    public async Task An_empty_node_leaves_at_once()
    {
        _open = 0;
        Assert.True(await Drain(TimeSpan.FromMinutes(1)).RunAsync(CancellationToken.None));
    }

    [Fact]
    public async Task The_last_node_waits_for_nobody()
    {
        Assert.False(await Drain(TimeSpan.FromMinutes(1)).RunAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Two_nodes_that_stop_at_once_do_not_wait_for_each_other()
    {
        await JoinOtherAsync(isLeaving: true);
        Assert.False(await Drain(TimeSpan.FromMinutes(1)).RunAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Tenants_that_do_not_leave_in_time_are_left_to_the_node()
    {
        await JoinOtherAsync();
        Assert.False(await Drain(TimeSpan.FromMilliseconds(200)).RunAsync(CancellationToken.None));
        Assert.False(await Drain(TimeSpan.Zero).RunAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_node_that_is_no_member_any_more_has_nothing_to_wait_for()
    {
        await JoinOtherAsync();
        await _member.LeaveAsync(CancellationToken.None);
        Assert.False(await Drain(TimeSpan.FromMinutes(1)).RunAsync(CancellationToken.None));
    }

    private SelfDrain Drain(TimeSpan timeout) => new(
        _cluster.Nodes, _member, _identity, () => _open, timeout, TimeProvider.System, NullLogger<SelfDrain>.Instance);

    private async Task JoinOtherAsync(bool isLeaving = false)
    {
        var document = new NodeDocument
        {
            Id = "n2",
            Instance = "i",
            Folder = "f2",
            Address = "http://n2:1",
            Roles = [ClusterRoles.TenantNode],
            IsLeaving = isLeaving,
        };
        await _cluster.Store.CommitAsync(
            new()
            {
                Operations =
                [
                    StoreOperation.Put(
                        ClusterKeys.Node("n2"),
                        JsonSerializer.SerializeToUtf8Bytes(document, MembershipJson.Default.NodeDocument)),
                ],
            },
            CancellationToken.None);
        await Eventually.TrueAsync(() => _cluster.Nodes.Find("n2")?.Document is not null);
    }
}
