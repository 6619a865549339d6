using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.Cluster.Coordinator;
using Platform.Cluster.Coordinator.Placement;
using Platform.Cluster.Events;
using Platform.Cluster.Membership;
using Platform.Cluster.Store;
using Platform.Cluster.Store.Embedded;
using Platform.Cluster.Tenants;
using Platform.Cluster.Tests.Membership;
using Platform.Cluster.Tests.Support;
using Platform.Messages.Identity;
using Platform.Messages.Tenants;
using Platform.Testing;

namespace Platform.Cluster.Tests.Coordinator;

/// <summary>A control plane over a real store, with nodes that a test announces and takes away.</summary>
internal sealed class CoordinatorFixture : ITenantMover, IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _running = [];
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    private CoordinatorFixture()
    {
        Store = EmbeddedStore.Open(
            _folder.File("cluster.db"), 10_000, TimeProvider.System, NullLogger<EmbeddedStore>.Instance);
        View = new PlacementView(Store, Nodes, Routes, Tenants, TimeProvider.System);
        Transactions = new RouteTransactions(Store, Routes, TimeProvider.System);
        Assignments = new TenantAssignments(Store, Routes, Nodes, Tenants, View, Transactions, TimeProvider.System);
    }

    public EmbeddedStore Store { get; }

    public NodeTable Nodes { get; } = new(TimeProvider.System);

    public RouteMap Routes { get; } = new();

    public TenantIndex Tenants { get; } = new();

    public CoordinatorCopy Office { get; } = new();

    public PlacementView View { get; }

    public RouteTransactions Transactions { get; }

    public TenantAssignments Assignments { get; }

    public Rebalancing? Rebalancing { get; private set; }

    public ConcurrentQueue<PlannedMove> Moves { get; } = new();

    public static async Task<CoordinatorFixture> StartAsync()
    {
        var fixture = new CoordinatorFixture();
        await fixture.FollowAsync(ClusterKeys.AllOfNodes, fixture.Nodes);
        await fixture.FollowAsync(ClusterKeys.Routes, fixture.Routes);
        await fixture.FollowAsync(ClusterKeys.Coordinator, fixture.Office);
        return fixture;
    }

    /// <summary>A candidate; its way to the store can be cut.</summary>
    public (CoordinatorElection Election, CutOffStore Way) Candidate(string id, double leaseSeconds = 2)
    {
        var way = new CutOffStore(Store);
        var node = new LocalNode(id, "", [ClusterRoles.ControlPlane], TimeProvider.System.GetUtcNow());
        node.Announce(new Uri($"http://{id}:1"));
        return (new CoordinatorElection(
            way, node, Office, TimeSpan.FromSeconds(leaseSeconds), TimeProvider.System,
            NullLogger<CoordinatorElection>.Instance), way);
    }

    public CoordinatorMetrics Metrics() => new(_services.GetRequiredService<IMeterFactory>(), () => true);

    /// <summary>Moves by this fixture, or by another mover.</summary>
    public MovesUnderWay MovesBy(ITenantMover mover) => new(
        mover, View, Metrics(), 4, Nodes.Changed.Raise, TimeProvider.System, NullLogger<MovesUnderWay>.Instance);

    public void Run(CoordinatorElection election, bool withLoop = false)
    {
        var metrics = Metrics();
        var moves = MovesBy(this);
        Rebalancing = new Rebalancing(
            View, Routes, moves, new EventNotes(Store, TimeProvider.System, NullLogger<EventNotes>.Instance));
        var loop = new CoordinatorLoop(
            Nodes, Routes, View, Transactions, moves, Rebalancing, metrics, TimeProvider.System,
            NullLogger<CoordinatorLoop>.Instance);
        _running.Add(election.RunAsync(
            withLoop
                ? loop.LeadAsync
                : async (_, over) => await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, over)
                    .ContinueWith(_ => { }, TaskScheduler.Default),
            _stopping.Token));
    }

    /// <summary>Becomes the coordinator without a loop.</summary>
    public async Task<CoordinatorTerm> LeadAsync() => (await ElectAsync()).Term!;

    public async Task<CoordinatorElection> ElectAsync()
    {
        // Long, so that a busy machine does not end it within a test.
        var (election, _) = Candidate("c1", leaseSeconds: 60);
        Run(election);
        await Eventually.TrueAsync(() => election.Term is not null);
        return election;
    }

    public TenantId AddTenant(string name, params (string Key, string Value)[] metadata)
    {
        var id = TenantId.Parse(name);
        Tenants.Apply(new TenantRecord(
            new TenantDescriptor
            {
                Id = id,
                Metadata = metadata.ToDictionary(pair => pair.Key, pair => pair.Value),
                Created = DateTimeOffset.UnixEpoch,
                Updated = DateTimeOffset.UnixEpoch,
            },
            1));
        return id;
    }

    public async Task AddNodeAsync(
        string id, int active = 0, IEnumerable<TenantId>? tenants = null, string? address = null, string zone = "",
        string role = ClusterRoles.TenantNode, NodeLoad? load = null)
    {
        var document = new NodeDocument
        {
            Id = id,
            Instance = "i",
            Folder = "f",
            Address = address ?? $"http://{id}:1",
            Zone = zone,
            Roles = [role],
            Load = load ?? new NodeLoad { TenantsActive = active, TenantsActiveMax = 1000 },
        };
        var record = new NodeRecord { Id = id, Address = document.Address, Roles = document.Roles };
        await Store.CommitAsync(
            new()
            {
                Operations =
                [
                    StoreOperation.Put(
                        ClusterKeys.Node(id),
                        JsonSerializer.SerializeToUtf8Bytes(document, MembershipJson.Default.NodeDocument)),
                    StoreOperation.Put(
                        ClusterKeys.KnownNode(id),
                        JsonSerializer.SerializeToUtf8Bytes(record, MembershipJson.Default.NodeRecord)),
                    StoreOperation.Put(
                        ClusterKeys.ActiveOf(id),
                        Encoding.ASCII.GetBytes(string.Join('\n', (tenants ?? []).Select(tenant => tenant.Value)))),
                ],
            },
            CancellationToken.None);
        await Eventually.TrueAsync(() => Nodes.Find(id)?.Document is not null);
    }

    /// <summary>As when its lease ends.</summary>
    public Task LoseNodeAsync(string id) => Store.CommitAsync(
        new() { Operations = [StoreOperation.Delete(ClusterKeys.Node(id))] }, CancellationToken.None);

    /// <summary>Moves as a real mover does in the end: by a guarded write of the route.</summary>
    public async Task<MoveOutcome> MoveAsync(
        CoordinatorTerm term, PlannedMove move, string reason, CancellationToken cancellationToken)
    {
        Moves.Enqueue(move);
        var epoch = Routes.TryFind(move.Tenant, out var route) ? route.Epoch : 0;
        var written = await Transactions.TryWriteAsync(
            term, move.Tenant, epoch, new ShardRouteDocument { Node = move.To, Reason = reason }, cancellationToken);
        return written is null
            ? MoveOutcome.Stayed(MoveStep.Route, "raced")
            : new MoveOutcome { Step = MoveStep.Done, Epoch = written.Epoch };
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_running);
        await Store.DisposeAsync();
        Rebalancing?.Dispose();
        await _services.DisposeAsync();
        _folder.Dispose();
        _stopping.Dispose();
    }

    private async Task FollowAsync(string prefix, IPrefixCopy copy)
    {
        var watch = new PrefixWatch(Store, prefix, prefix, copy, TimeProvider.System, NullLogger<PrefixWatch>.Instance);
        await watch.LoadAsync(CancellationToken.None);
        _running.Add(watch.RunAsync(_stopping.Token));
    }
}
