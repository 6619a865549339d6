using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.Cluster.Admin;
using Platform.Cluster.Configuration.Options;
using Platform.Cluster.Events;
using Platform.Cluster.Health;
using Platform.Cluster.Http;
using Platform.Cluster.Membership;
using Platform.Cluster.Metrics;
using Platform.Cluster.Nodes;
using Platform.Cluster.ObjectStores;
using Platform.Cluster.Store;
using Platform.Cluster.Store.Embedded;
using Platform.Cluster.Tenants;
using Platform.Replication.ObjectStore;
using Platform.TenantShard.Logs;

namespace Platform.Cluster.Modes;

/// <summary>
/// Everything in one process: registry, gateway and tenants. Parts are closed in the reverse order of their
/// opening.
/// </summary>
internal sealed class AllInOneNode : IServingNode
{
    private readonly NodeHealth _health = new();
    private readonly PlatformOptions _options;
    private readonly TimeProvider _time;
    private DataFolder? _folder;
    private WebServer? _server;
    private IObjectStore? _objects;
    private EmbeddedStore? _store;
    private BackgroundTasks? _background;
    private ShardTenants? _tenants;
    private MetricsCollector? _metrics;
    private bool _isClosed;

    private AllInOneNode(PlatformOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
    }

    public AdminToken AdminToken { get; private set; } = null!;

    public string Banner => StartBanner.Compose(_options, this);

    public string ObjectStoreDescription => _objects!.Description;

    public Uri PublicUrl => _server!.PublicUrl;

    public Uri? InternalUrl => _server!.InternalUrl;

    private IMeterFactory Meters => _server!.Services.GetRequiredService<IMeterFactory>();

    /// <exception cref="StartException">Something in the world is not as it must be; nothing is left open.</exception>
    public static async Task<AllInOneNode> StartAsync(
        PlatformOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var node = new AllInOneNode(options, time);
        try
        {
            await node.OpenAsync(cancellationToken);
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Refuses new requests, finishes those in flight within the shutdown timeout, closes everything.
    /// </summary>
    /// <exception cref="TimeoutException">Tenants did not close in time; the process should end.</exception>
    public async ValueTask DisposeAsync()
    {
        if (_isClosed) return;
        _isClosed = true;
        _health.MarkStopping();
        var started = _time.GetTimestamp();
        if (_server is not null) await _server.StopAsync(CancellationToken.None);
        if (_tenants is not null) await _tenants.CloseAsync(_options.ShutdownTimeout - _time.GetElapsedTime(started));
        if (_background is not null) await _background.DisposeAsync();
        _metrics?.Dispose();
        if (_store is not null) await _store.DisposeAsync();
        (_objects as IDisposable)?.Dispose();
        if (_server is not null) await _server.DisposeAsync();
        _folder?.Dispose();
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        _folder = DataFolder.Open(_options.DataFolder);
        AdminToken = AdminToken.Open(_options.AdminToken, _folder.AdminTokenFile);
        _server = WebServer.Create(_options);
        _metrics = new MetricsCollector(
            Meters, _options.Metrics.SeriesMax, _server.Loggers.CreateLogger<MetricsCollector>());
        _background = new BackgroundTasks();
        _objects = await ObjectStoreFactory.OpenAsync(_options.ObjectStore, _time, cancellationToken);
        _store = OpenStore(_folder.ClusterStoreFile, _server.Loggers);
        var local = new LocalNode(
            _options.NodeId, _options.Zone, ["control-plane", "tenant-node", "gateway"], _time.GetUtcNow());
        var registry = await RegistryParts.OpenAsync(_store, _objects, _time, _server.Loggers, cancellationToken);
        _tenants = new ShardTenants(
            _options, _folder.CacheFolder, _objects, registry.Index, new RouteClaims(_store, local),
            Meters, _time, _server.Loggers);
        ComposePipeline(local, registry);
        await _server.StartAsync(cancellationToken);
        local.Announce(_options.Http.Advertise ?? _server.InternalUrl ?? _server.PublicUrl);
        _health.MarkStarted();
    }

    private EmbeddedStore OpenStore(string file, ILoggerFactory loggers)
    {
        try
        {
            return EmbeddedStore.Open(
                file, _options.Cluster.HistoryRevisionsMax, _time, loggers.CreateLogger<EmbeddedStore>());
        }
        catch (ClusterStoreException cause)
        {
            throw new StartException($"the cluster store '{file}' cannot be opened: {cause.Message}", cause);
        }
    }

    private void ComposePipeline(LocalNode local, RegistryParts registry)
    {
        var server = _server!;
        var sampler = new NodeSampler(_options.DataFolder, _time);
        _background!.Start(sampler.RunAsync);
        _background.Start(registry.Watch.RunAsync);
        if (server.Certificates is { } certificates) _background.Start(certificates.RunAsync);
        _background.Start(registry.Copies.RunAsync);
        var purge = new TenantPurge(
            _store!, _objects!, registry.Index, _tenants!.ForgetAsync, _options.Cluster.DeletedTenantsKept, _time,
            server.Loggers.CreateLogger<TenantPurge>());
        _background.Start(purge.RunAsync);
        _background.Start(registry.Reservations.RunAsync);
        var logs = new LogUpkeep(
            new LogSweep(_objects!, _time), registry.Index, _options.Cluster.LogSweepInterval, () => true, Meters, _time,
            new Random(), server.Loggers.CreateLogger<LogUpkeep>());
        _background.Start(logs.RunAsync);
        _health.Add(() => new ReadyCheck("registry", registry.Watch.Problem));
        _ = new NodeMetrics(Meters, sampler, registry.Index);
        var events = new EventFeed(
            _store!, _options.Cluster.EventsMax, _time, server.Loggers.CreateLogger<EventFeed>());
        _background.Start(events.RunAsync);
        var guard = new AdminGuard(AdminToken);
        var problems = new NodeProblems(sampler, () => _tenants!.StorageLag, _options.TenantNode.WriteDeadline);
        var operators = OperatorPipeline.Build(server.Pipeline, routes =>
        {
            new ProbeEndpoints(_health, local).Map(routes);
            new MetricsEndpoint(_metrics!).Map(routes);
            new EventEndpoints(events, _time, server.Stopping).Map(routes, guard);
            new NodeEndpoints(local, sampler, _health, problems, registry.Index, () => _tenants!.Status)
                .Map(routes, guard);
            new SoleNodeEndpoints(registry.Index, _tenants!, local).Map(routes, guard);
            new TenantEndpoints(
                registry.Registry, registry.Index, TenantRequests.For(_options), _tenants!, purge, Documents(local))
                .Map(routes, guard);
            new TenantDataEndpoints(
                _options, registry, _tenants!.Recovery, Documents(local), _time, server.Loggers).Map(routes, guard);
        });
        var gateway = GatewayRole.Edge(
            _options, registry.Index.Routes, _tenants!, Meters, _time, server.Loggers);
        server.Pipeline.Run(context =>
            server.IsInternal(context) ? operators(context) : gateway.HandleAsync(context, operators));
    }

    private TenantDocuments Documents(LocalNode local) => new(
        _ => local.Id, tenant => $"{PublicUrl.Scheme}://{tenant.Id}.{_options.Gateway.BaseDomain}:{PublicUrl.Port}");
}
