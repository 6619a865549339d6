using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.Cluster.Admin;
using Platform.Cluster.Configuration.Options;
using Platform.Cluster.Health;
using Platform.Cluster.Http;
using Platform.Cluster.Membership;
using Platform.Cluster.Metrics;
using Platform.Cluster.Nodes;
using Platform.Cluster.ObjectStores;
using Platform.Cluster.Recovery;
using Platform.Cluster.Store;
using Platform.Cluster.Store.Embedded;
using Platform.Cluster.Tenants;
using Platform.Cluster.Transfer;
using Platform.Gateway.Forwarding;
using Platform.Gateway.Resolution;
using Platform.Replication.ObjectStore;

namespace Platform.Cluster.Modes;

/// <summary>
/// Everything in one process: registry, gateway and tenants. Parts are closed in the reverse order of their
/// opening.
/// </summary>
internal sealed class AllInOneNode : IServingNode
{
    private static readonly TimeSpan TenantsCloseMin = TimeSpan.FromSeconds(5);

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
        if (_tenants is not null) await CloseTenantsAsync(_tenants, _time.GetElapsedTime(started));
        if (_background is not null) await _background.DisposeAsync();
        _metrics?.Dispose();
        if (_store is not null) await _store.DisposeAsync();
        (_objects as IDisposable)?.Dispose();
        if (_server is not null) await _server.DisposeAsync();
        _folder?.Dispose();
    }

    /// <summary>Tenants get the time that requests left over, but always enough to store a last group of writes.</summary>
    private async Task CloseTenantsAsync(ShardTenants tenants, TimeSpan used)
    {
        var left = _options.ShutdownTimeout - used;
        var wait = left > TenantsCloseMin ? left : TenantsCloseMin;
        try
        {
            await tenants.DisposeAsync().AsTask().WaitAsync(wait, _time);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException(
                $"tenants did not close within {_options.ShutdownTimeout.TotalSeconds} s (platform.shutdown-timeout). "
                + "What is not in object storage yet is kept in the data folder and stored after the next start.",
                late);
        }
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
        _health.Add(() => new ReadyCheck("registry", registry.Watch.Problem));
        _ = new NodeMetrics(Meters, sampler, registry.Index);
        var guard = new AdminGuard(AdminToken);
        var operators = OperatorPipeline.Build(server.Pipeline, routes =>
        {
            new ProbeEndpoints(_health, local).Map(routes);
            new MetricsEndpoint(_metrics!).Map(routes);
            new NodeEndpoints(local, sampler, _health, registry.Index, () => _tenants!.Status).Map(routes, guard);
            TenantEndpoints(registry, local, purge).Map(routes, guard);
            MapRecovery(routes, guard, registry, local);
        });
        var gateway = OpenGateway(registry.Index.Routes, _tenants!);
        server.Pipeline.Run(context =>
            server.IsInternal(context) ? operators(context) : gateway.HandleAsync(context, operators));
    }

    private TenantEndpoints TenantEndpoints(RegistryParts registry, LocalNode local, TenantPurge purge)
    {
        var requests = new TenantRequests(
            new TenantRules(_options.Gateway.BaseDomain), _options.TenantNode.Durability,
            _options.Http.AdminBodyBytesMax);
        return new TenantEndpoints(registry.Registry, registry.Index, requests, _tenants!, purge, Documents(local));
    }

    private void MapRecovery(
        IEndpointRouteBuilder routes, AdminGuard guard, RegistryParts registry, LocalNode local)
    {
        var recovery = _tenants!.Recovery;
        var requests = new RecoveryRequests(_time, _options.Http.AdminBodyBytesMax);
        var cloning = new TenantCloning(
            registry.Registry, recovery, _server!.Loggers.CreateLogger<TenantCloning>());
        new RecoveryEndpoints(registry.Index, recovery, cloning, requests, Documents(local)).Map(routes, guard);
        new BackupEndpoints(registry.Index, recovery.Backups, requests, _time).Map(routes, guard);
        var importing = new TenantImporting(
            registry.Registry, recovery.Imports, _options.TenantNode.Durability,
            _server!.Loggers.CreateLogger<TenantImporting>());
        new TransferEndpoints(registry.Index, recovery, importing, Documents(local)).Map(routes, guard);
    }

    private TenantDocuments Documents(LocalNode local) => new(
        _ => local.Id, tenant => $"{PublicUrl.Scheme}://{tenant.Id}.{_options.Gateway.BaseDomain}:{PublicUrl.Port}");

    private TenantGateway OpenGateway(RouteTable routes, ShardTenants tenants) => new(
        new TenantResolver(routes, _options.Gateway.BaseDomain),
        tenants,
        new Gateway.Forwarding.GatewayOptions
        {
            BaseDomain = _options.Gateway.BaseDomain,
            RequestBodyBytesMax = _options.Http.BodyBytesMax,
        },
        new GatewayMetrics(Meters),
        _time,
        _server!.Loggers.CreateLogger<TenantGateway>());
}
