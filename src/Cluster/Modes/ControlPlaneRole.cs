using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Platform.Cluster.Coordinator;
using Platform.Cluster.Internal;
using Platform.Cluster.Tenants;

namespace Platform.Cluster.Modes;

/// <summary>The registry, the admin API, and a candidate for coordinator.</summary>
internal sealed class ControlPlaneRole : IAsyncDisposable
{
    private readonly RoleContext _context;
    private readonly BackgroundTasks _office = new();
    private readonly AssignEndpoint _assign;
    private readonly TenantEndpoints _tenants;
    private readonly MigrationEndpoints _migrations;
    private readonly TenantPurge _purge;
    private readonly OperatorParts _operators;
    private readonly Func<CancellationToken, Task> _lead;
    private readonly LivenessParts? _liveness;

    private ControlPlaneRole(
        RoleContext context, AssignEndpoint assign, TenantEndpoints tenants, MigrationEndpoints migrations,
        TenantPurge purge, OperatorParts operators, Func<CancellationToken, Task> lead, LivenessParts? liveness)
    {
        _liveness = liveness;
        _migrations = migrations;
        _operators = operators;
        _purge = purge;
        _lead = lead;
        _context = context;
        _assign = assign;
        _tenants = tenants;
    }

    public static ControlPlaneRole Open(RoleContext context)
    {
        var (cluster, registry, time) = (context.Cluster, context.Registry, context.Time);
        var loggers = context.Server.Loggers;
        var election = new CoordinatorElection(
            cluster.Store, cluster.Local, cluster.Office, context.Options.Cluster.CoordinatorLeaseTtl, time,
            loggers.CreateLogger<CoordinatorElection>());
        var metrics = new CoordinatorMetrics(context.Meters, () => election.Term is not null);
        var view = new PlacementView(cluster.Store, cluster.Nodes, cluster.Routes, registry.Index, time);
        var transactions = new RouteTransactions(cluster.Store, cluster.Routes, time);
        var calls = new NodeCalls(cluster.Nodes, cluster.Client);
        var mover = new LiveMover(
            cluster.Routes, transactions, calls, context.Options.Cluster.PrepareTimeout, metrics, time,
            loggers.CreateLogger<LiveMover>());
        var moves = new MovesUnderWay(
            mover, view, metrics, context.Options.Cluster.MovesMax, cluster.Nodes.Changed.Raise, time,
            loggers.CreateLogger<MovesUnderWay>());
        var rebalancing = new Rebalancing(view, cluster.Routes, moves, cluster.Notes);
        var loop = new CoordinatorLoop(
            cluster.Nodes, cluster.Routes, view, transactions, moves, rebalancing, metrics, time,
            loggers.CreateLogger<CoordinatorLoop>());
        var assignments = new TenantAssignments(
            cluster.Store, cluster.Routes, cluster.Nodes, registry.Index, view, transactions, time);
        var assign = new AssignEndpoint(election, assignments, metrics);
        cluster.Owners.Local = assign;
        var migration = new TenantMigration(
            election, cluster.Nodes, cluster.Routes, registry.Index, view, moves, time);
        var migrations = new MigrationEndpoints(
            migration, cluster, calls, registry.Index, context.Options.Http.AdminBodyBytesMax);
        var remote = new RemoteTenants(cluster.Owners, cluster.Client, time, loggers.CreateLogger<RemoteTenants>());
        var purge = new TenantPurge(
            cluster.Store, context.Objects, registry.Index, remote.ForgetAsync,
            context.Options.Cluster.DeletedTenantsKept, time, loggers.CreateLogger<TenantPurge>());
        return new ControlPlaneRole(
            context, assign, Tenants(context, remote, purge), migrations, purge,
            new OperatorParts(context, view, rebalancing, () => election.Term is not null),
            stopping => election.RunAsync(loop.LeadAsync, stopping),
            context.Options.Cluster.Watch.IsOn ? new LivenessParts(context, election) : null);
    }

    /// <summary>Stands for election; only when the others can reach this process.</summary>
    public void Start()
    {
        _office.Start(_lead);
        _context.Background.Start(_context.Registry.Copies.RunAsync);
        _context.Background.Start(_purge.RunAsync);
        _context.Background.Start(_context.Registry.Reservations.RunAsync);
        _operators.Start();
        _liveness?.Start(_office);
    }

    /// <summary>Ends the candidacy, and the office, so that another is elected while this process still answers.</summary>
    public ValueTask ResignAsync() => _office.DisposeAsync();

    public void Map(IEndpointRouteBuilder routes)
    {
        _assign.Map(routes, _context.InternalGuard);
        _tenants.Map(routes, _context.AdminGuard);
        _operators.Map(routes);
        _migrations.Map(routes, _context.AdminGuard, _context.InternalGuard);
    }

    public async ValueTask DisposeAsync()
    {
        await _office.DisposeAsync();
        _operators.Dispose();
        _liveness?.Dispose();
    }

    private static TenantEndpoints Tenants(RoleContext context, RemoteTenants remote, TenantPurge purge) => new(
        context.Registry.Registry, context.Registry.Index, TenantRequests.For(context.Options), remote, purge,
        context.Documents);
}
