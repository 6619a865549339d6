using Microsoft.Extensions.Logging.Abstractions;
using Platform.Cluster.Membership;
using Platform.Cluster.Store.Embedded;
using Platform.Cluster.Tests.Support;

namespace Platform.Cluster.Tests.Membership;

/// <summary>A store with real leases, and an observer of all nodes.</summary>
internal sealed class MembershipFixture : IAsyncDisposable
{
    public static readonly TimeSpan Ttl = TimeSpan.FromSeconds(2);

    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _running = [];

    private MembershipFixture()
    {
        Store = EmbeddedStore.Open(
            _folder.File("cluster.db"), 1000, TimeProvider.System, NullLogger<EmbeddedStore>.Instance);
        Watch = new PrefixWatch(
            Store, ClusterKeys.AllOfNodes, "the nodes", Nodes, TimeProvider.System, NullLogger<PrefixWatch>.Instance);
    }

    public EmbeddedStore Store { get; }

    public NodeTable Nodes { get; } = new(TimeProvider.System);

    public PrefixWatch Watch { get; }

    public static async Task<MembershipFixture> StartAsync()
    {
        var fixture = new MembershipFixture();
        await fixture.Watch.LoadAsync(CancellationToken.None);
        fixture._running.Add(fixture.Watch.RunAsync(fixture._stopping.Token));
        return fixture;
    }

    public static NodeIdentity Identity(string id, string folder) => new(
        new LocalNode(id, "zone-1", [ClusterRoles.TenantNode], TimeProvider.System.GetUtcNow()), folder, "0.1.0");

    public (NodeMembership Member, CutOffStore Way) Member(
        string id, string folder, bool hearsOfRemoval = true)
    {
        var way = new CutOffStore(Store);
        var member = new NodeMembership(
            way, Identity(id, folder), Ttl, TimeProvider.System, NullLogger<NodeMembership>.Instance);
        if (hearsOfRemoval) Nodes.Removed += member.HearRemoved;
        return (member, way);
    }

    public void Run(NodeMembership member) => _running.Add(member.RunAsync(_stopping.Token));

    public NodeCondition? ConditionOf(string id) => Nodes.Find(id)?.ConditionAt(TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_running);
        await Store.DisposeAsync();
        _folder.Dispose();
        _stopping.Dispose();
    }
}
