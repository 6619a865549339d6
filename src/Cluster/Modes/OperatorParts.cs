using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Platform.Cluster.Coordinator;
using Platform.Cluster.Events;
using Platform.Cluster.Internal;
using Platform.Cluster.Membership;
using Platform.Cluster.Nodes;
using Platform.Cluster.Snapshots;
using Platform.Cluster.Tenants;
using Platform.Gateway.Hosting;
using Platform.Gateway.Proxying;
using Platform.TenantShard.Logs;

namespace Platform.Cluster.Modes;

/// <summary>
/// What operators have of a control plane beside the registry: events, routes, rebalancing, snapshots, and the way to the
/// data of tenants.
/// </summary>
internal sealed class OperatorParts : IDisposable
{
    /// <summary>The longest that copying, backing up or importing a large tenant may take.</summary>
    private static readonly TimeSpan OperationTimeout = TimeSpan.FromHours(1);

    private readonly RoleContext _context;
    private readonly Rebalancing _rebalancing;
    private readonly OwnerBackend _nodes;
    private readonly EventFeed _events;
    private readonly ClusterSnapshots _snapshots;
    private readonly SnapshotSchedule _schedule;
    private readonly ClockSkewWatch _clocks;
    private readonly LogUpkeep _logs;

    public OperatorParts(RoleContext context, PlacementView view, Rebalancing rebalancing, Func<bool> isLeading)
    {
        _context = context;
        _rebalancing = rebalancing;
        _nodes = NodesFor(context, view);
        var (cluster, options) = (context.Cluster, context.Options.Cluster);
        _clocks = new ClockSkewWatch(
            context.Meters, cluster.Nodes, context.Time, context.Server.Loggers.CreateLogger<ClockSkewWatch>());
        _events = new EventFeed(
            cluster.Store, options.EventsMax, context.Time, context.Server.Loggers.CreateLogger<EventFeed>());
        _snapshots = new ClusterSnapshots(
            cluster.Store, context.Objects, cluster.Local.Id, cluster.Notes, context.Time,
            context.Server.Loggers.CreateLogger<ClusterSnapshots>());
        _schedule = new SnapshotSchedule(
            _snapshots, options.SnapshotInterval, options.SnapshotsKept, isLeading, context.Time);
        _logs = new LogUpkeep(
            new LogSweep(context.Objects, context.Time), context.Registry.Index, options.LogSweepInterval, isLeading,
            context.Meters, context.Time, new Random(), context.Server.Loggers.CreateLogger<LogUpkeep>());
    }

    public void Start()
    {
        _context.Background.Start(_logs.RunAsync);
        _context.Background.Start(_events.RunAsync);
        _context.Background.Start(_schedule.RunAsync);
        _context.Background.Start(_clocks.RunAsync);
    }

    public void Map(IEndpointRouteBuilder routes)
    {
        var (cluster, guard) = (_context.Cluster, _context.AdminGuard);
        new RouteEndpoints(cluster.Routes).Map(routes, guard);
        new RebalanceEndpoint(_rebalancing, cluster.Office, cluster.Client).Map(routes, guard, _context.InternalGuard);
        new EventEndpoints(_events, _context.Time, _context.Server.Stopping).Map(routes, guard);
        new TenantDataForwarding(_context.Registry.Index, _nodes, _context.Options.Import.BytesMax).Map(routes, guard);
        var restore = new SnapshotRestore(
            cluster.Store, _context.Objects, _context.Server.Loggers.CreateLogger<SnapshotRestore>());
        new SnapshotEndpoints(_snapshots, restore, cluster.Notes).Map(routes, guard);
    }

    public void Dispose()
    {
        _nodes.Dispose();
        _rebalancing.Dispose();
    }

    private static OwnerBackend NodesFor(RoleContext context, PlacementView view)
    {
        var owners = new OperationOwners(context.Registry.Index, context.Cluster.Nodes, view, context.Cluster.Owners);
        var options = GatewayRole.ProxyOptionsOf(context.Options) with
        {
            Operation = owners.OperationOn,
            AnswerTimeout = OperationTimeout,
            SilenceTimeout = OperationTimeout,
        };
        return context.Server.Services.CreateOwnerBackend(owners, local: null, options, new Random());
    }
}
