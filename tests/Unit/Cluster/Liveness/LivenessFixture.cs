using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.Cluster.Configuration.Options;
using Platform.Cluster.Coordinator;
using Platform.Cluster.Events;
using Platform.Cluster.Liveness;
using Platform.Cluster.Membership;
using Platform.Cluster.Store;
using Platform.Testing;

namespace Platform.Cluster.Tests.Liveness;

/// <summary>A control plane's watches over a real store, with leases that do not end within a test.</summary>
internal sealed class LivenessFixture : IAsyncDisposable
{
    private static readonly TimeSpan Ttl = TimeSpan.FromMinutes(2);

    private static readonly WatchOptions Options = new()
    {
        IsOn = true,
        Refusals = 3,
        Interval = TimeSpan.FromMilliseconds(20),
    };

    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _running = [];
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly EventNotes _notes;
    private readonly LivenessMetrics _metrics;

    private LivenessFixture(IClusterStore store)
    {
        Store = store;
        _notes = new EventNotes(store, TimeProvider.System, NullLogger<EventNotes>.Instance);
        _metrics = new LivenessMetrics(_services.GetRequiredService<IMeterFactory>(), () => Surroundings.Followed);
        Client = new WatchClient(WatchedHost.Secret, Surroundings);
    }

    public IClusterStore Store { get; }

    public Surroundings Surroundings { get; } = new();

    /// <summary>Another node, which lives.</summary>
    public WatchedHost Company { get; private set; } = null!;

    private WatchClient Client { get; }

    public CoordinatorCopy Office { get; } = new();

    public static async Task<LivenessFixture> StartAsync(IClusterStore store)
    {
        var fixture = new LivenessFixture(store);
        await fixture.FollowAsync(ClusterKeys.Coordinator, fixture.Office);
        fixture.Company = await WatchedHost.StartAsync("company");
        _ = fixture.Watch(await fixture.JoinAsync(fixture.Company.Node), fixture.DeadCoordinator());
        await Eventually.TrueAsync("the company is followed", () => fixture.Surroundings.Followed == 1);
        return fixture;
    }

    /// <summary>A candidate for the office, which it gets when it is free.</summary>
    public CoordinatorElection Candidate(LocalNode node)
    {
        var election = new CoordinatorElection(
            Store, node, Office, Ttl, TimeProvider.System, NullLogger<CoordinatorElection>.Instance);
        _running.Add(election.RunAsync(
            async (_, over) => await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, over)
                .ContinueWith(_ => { }, TaskScheduler.Default),
            _stopping.Token));
        return election;
    }

    /// <summary>A process in office, and who watches nodes there.</summary>
    public async Task<LostNodes> LeadAsync()
    {
        var node = new LocalNode("c1", "", [ClusterRoles.ControlPlane], TimeProvider.System.GetUtcNow());
        node.Announce(new Uri("http://c1:1"));
        var election = Candidate(node);
        await Eventually.TrueAsync(() => election.Term is not null);
        return Nodes(election);
    }

    public LostNodes Nodes(CoordinatorElection election) => new(Store, election, _notes, NullLogger<LostNodes>.Instance);

    public DeadCoordinator DeadCoordinator() => new(Store, _notes, NullLogger<DeadCoordinator>.Instance);

    /// <summary>Makes the entry of a node, on a lease, as it does when it joins.</summary>
    public async Task<WatchedProcess> JoinAsync(LocalNode node)
    {
        var lease = await Store.GrantLeaseAsync(Ttl, CancellationToken.None);
        var entry = await BeatAsync(node, lease.Id);
        return new WatchedProcess(node.Id, node.Instance, new Uri(node.Address), entry);
    }

    /// <summary>Writes the entry of a node; its revision.</summary>
    public async Task<long> BeatAsync(LocalNode node, long lease)
    {
        var identity = new NodeIdentity(node, "f", "0.1.0");
        var commit = await Store.CommitAsync(
            new()
            {
                Operations =
                [
                    StoreOperation.Put(
                        ClusterKeys.Node(node.Id),
                        JsonSerializer.SerializeToUtf8Bytes(
                            identity.Describe(TimeProvider.System.GetUtcNow()), MembershipJson.Default.NodeDocument),
                        lease),
                ],
            },
            CancellationToken.None);
        return commit.Revision;
    }

    public Task<StoreEntry?> EntryOfAsync(string node) => Store.GetAsync(ClusterKeys.Node(node), CancellationToken.None);

    /// <summary>Watches a process; completes when its entry was ended.</summary>
    public Task Watch(WatchedProcess process, ILossDecision decision)
    {
        var watch = new ProcessWatch(
            Client, Surroundings, decision, Options, _metrics, TimeProvider.System, NullLogger<ProcessWatch>.Instance);
        var running = watch.RunAsync(process, _stopping.Token);
        _running.Add(running);
        return running;
    }

    /// <summary>Watches a process, and returns when the connection to it is open.</summary>
    public async Task<Task> FollowedAsync(WatchedProcess process, ILossDecision decision)
    {
        var watch = Watch(process, decision);
        await Eventually.TrueAsync("the process is followed", () => Surroundings.Followed == 2);
        return watch;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_running);
        Client.Dispose();
        await Company.DisposeAsync();
        await _services.DisposeAsync();
        _stopping.Dispose();
        await Store.DisposeAsync();
    }

    private async Task FollowAsync(string prefix, IPrefixCopy copy)
    {
        var watch = new PrefixWatch(Store, prefix, prefix, copy, TimeProvider.System, NullLogger<PrefixWatch>.Instance);
        await watch.LoadAsync(CancellationToken.None);
        _running.Add(watch.RunAsync(_stopping.Token));
    }
}
