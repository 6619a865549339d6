using Microsoft.Extensions.Logging;
using Platform.Cluster.Coordinator;
using Platform.Cluster.Liveness;
using Platform.Cluster.Membership;

namespace Platform.Cluster.Modes;

/// <summary>
/// A control plane's watch over nodes and the coordinator. All control planes watch, so that whoever comes into office has
/// seen what happened before.
/// </summary>
internal sealed class LivenessParts : IDisposable
{
    private readonly ClusterParts _cluster;
    private readonly WatchClient _client;
    private readonly ProcessWatches _nodes;
    private readonly ProcessWatches _office;

    public LivenessParts(RoleContext context, CoordinatorElection election)
    {
        var (cluster, options, time) = (context.Cluster, context.Options.Cluster, context.Time);
        var loggers = context.Server.Loggers;
        _cluster = cluster;
        var surroundings = new Surroundings();
        _client = new WatchClient(options.Secret!, surroundings);
        var metrics = new LivenessMetrics(context.Meters, () => surroundings.Followed);
        var logger = loggers.CreateLogger<ProcessWatch>();
        var lost = new LostNodes(cluster.Store, election, cluster.Notes, loggers.CreateLogger<LostNodes>());
        var dead = new DeadCoordinator(cluster.Store, cluster.Notes, loggers.CreateLogger<DeadCoordinator>());
        var (nodesChanged, officeChanged) = (new ChangeSignal(), new ChangeSignal());
        cluster.Nodes.Settled += nodesChanged.Raise;
        cluster.Office.Settled += officeChanged.Raise;
        _nodes = new ProcessWatches(
            new ProcessWatch(_client, surroundings, lost, options.Watch, metrics, time, logger),
            () => cluster.Nodes.Nodes.Values.Select(Watched).OfType<WatchedProcess>(), nodesChanged, time);
        _office = new ProcessWatches(
            new ProcessWatch(_client, surroundings, dead, options.Watch, metrics, time, logger),
            () => Holder() is { } holder ? [holder] : [], officeChanged, time);
    }

    public void Start(BackgroundTasks background)
    {
        background.Start(_nodes.RunAsync);
        background.Start(_office.RunAsync);
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Null: it has no tenants that others could take, or cannot be reached.</summary>
    private static WatchedProcess? Watched(NodeState node) =>
        node is { IsTenantNode: true, Document: { } document, Target: { } target }
            ? new WatchedProcess(node.Id, document.Instance, target.Url, node.Joined)
            : null;

    /// <summary>The coordinator, unless it is this process, or of a release that does not say which life it is.</summary>
    private WatchedProcess? Holder()
    {
        var (office, epoch) = _cluster.Office.Office;
        return office is { Instance.Length: > 0 } && office.Instance != _cluster.Local.Instance
            && Uri.TryCreate(office.Address, UriKind.Absolute, out var address)
            ? new WatchedProcess(office.Node, office.Instance, address, epoch)
            : null;
    }
}
