using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.Cluster.Admin;
using Platform.Cluster.CommandLine;
using Platform.Cluster.Configuration.Options;
using Platform.Cluster.Health;
using Platform.Cluster.Http;
using Platform.Cluster.Internal;
using Platform.Cluster.Liveness;
using Platform.Cluster.Membership;
using Platform.Cluster.Metrics;
using Platform.Cluster.Nodes;
using Platform.Cluster.ObjectStores;
using Platform.Cluster.Snapshots;
using Platform.Cluster.Store;
using Platform.Cluster.Tenants;
using Platform.Replication.ObjectStore;

namespace Platform.Cluster.Modes;

/// <summary>
/// A process of a cluster: the common parts, and those of its roles. It becomes a member when it can be reached, and
/// leaves when its tenants are closed.
/// </summary>
internal sealed class ClusterNode : IServingNode
{
    private static readonly TimeSpan LeaveTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Within it gateways know that a node is gone, and requests on their way to it have arrived.</summary>
    private static readonly TimeSpan RoutesHeard = TimeSpan.FromMilliseconds(500);

    private readonly NodeHealth _health = new();
    private readonly BackgroundTasks _background = new();
    private readonly PlatformOptions _options;
    private readonly TimeProvider _time;
    private DataFolder? _folder;
    private WebServer? _server;
    private MetricsCollector? _metrics;
    private IObjectStore? _objects;
    private ClusterParts? _parts;
    private TenantNodeRole? _tenants;
    private ControlPlaneRole? _control;
    private GatewayRole? _gateway;
    private NodeProblems? _problems;
    private bool _isMember;
    private bool _isClosed;

    private ClusterNode(PlatformOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
    }

    public string Banner => string.Create(CultureInfo.InvariantCulture, $$"""
        platform {{PlatformCommand.Version}}, {{string.Join(" and ", _parts!.Local.Roles)}}

          Node         {{_options.NodeId}}
          Internal     {{_server!.InternalUrl}}
          Health       {{_server.PublicUrl}}ready
          Cluster      {{_parts.Store.Description}}
          Objects      {{_objects!.Description}}
          Data         {{_options.DataFolder}}

        Ready.

        """);

    private IMeterFactory Meters => _server!.Services.GetRequiredService<IMeterFactory>();

    /// <exception cref="StartException">Something in the world is not as it must be; nothing is left open.</exception>
    public static async Task<ClusterNode> StartAsync(
        PlatformOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var node = new ClusterNode(options, time);
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
    /// Gives the office to another, has its tenants moved, refuses new requests, closes what is left, leaves the cluster.
    /// </summary>
    /// <exception cref="TimeoutException">Tenants did not close in time; the process should end.</exception>
    public async ValueTask DisposeAsync()
    {
        if (_isClosed) return;
        _isClosed = true;
        _health.MarkStopping();
        if (_control is not null) await _control.ResignAsync();
        if (_isMember) await WithdrawAsync();
        var started = _time.GetTimestamp();
        if (_server is not null) await _server.StopAsync(CancellationToken.None);
        if (_tenants is not null)
            await _tenants.CloseAsync(_options.ShutdownTimeout - _time.GetElapsedTime(started));
        await LeaveAsync();
        await _background.DisposeAsync();
        _gateway?.Dispose();
        if (_control is not null) await _control.DisposeAsync();
        _metrics?.Dispose();
        if (_parts is not null) await _parts.DisposeAsync();
        (_objects as IDisposable)?.Dispose();
        if (_server is not null) await _server.DisposeAsync();
        _folder?.Dispose();
    }

    /// <summary>While everything still answers: nobody is sent here any more when the listener closes.</summary>
    private async Task WithdrawAsync()
    {
        if (_gateway is not null) await Task.Delay(_options.Gateway.StopDelay, _time, CancellationToken.None);
        if (_tenants is null || !await _tenants.DrainAsync(CancellationToken.None)) return;
        _tenants.Owned.DenyAll();
        await LeaveAsync();
        await Task.Delay(RoutesHeard, _time, CancellationToken.None);
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        _folder = DataFolder.Open(_options.DataFolder);
        _server = WebServer.Create(_options);
        _metrics = new MetricsCollector(
            Meters, _options.Metrics.SeriesMax, _server.Loggers.CreateLogger<MetricsCollector>());
        _objects = await ObjectStoreFactory.OpenAsync(_options.ObjectStore, _time, cancellationToken);
        var local = new LocalNode(_options.NodeId, _options.Zone, [RoleOf(_options.Mode)], _time.GetUtcNow());
        _parts = await ClusterParts.OpenAsync(
            _options, local, NodeIdentity.FolderId(_options.DataFolder), _time, _server.Loggers, cancellationToken);
        await RequireEntryAsync(cancellationToken);
        var registry = await RegistryParts.OpenAsync(
            _parts.Store, _objects, _time, _server.Loggers, cancellationToken, BeginAsync);
        Compose(registry);
        _parts.Start(_background);
        await _server.StartAsync(cancellationToken);
        if (_server.Certificates is { } certificates) _background.Start(certificates.RunAsync);
        local.Announce(_options.Http.Advertise ?? _server.InternalUrl!);
        _health.MarkStarted();
        await JoinAsync(cancellationToken);
        _isMember = true;
        _background.Start(_parts.Membership.RunAsync);
        _control?.Start();
    }

    /// <summary>Asked before anything is written: may this process be of the cluster at all?</summary>
    private async Task RequireEntryAsync(CancellationToken cancellationToken)
    {
        var others = _parts!.Nodes.Nodes.Values
            .Where(node => node.Document is { } other && !_parts.Identity.Succeeds(other)).ToList();
        if (ClusterProtocol.Refusal(ClusterProtocol.Current, others) is { } refusal)
            throw new StartException($"the node cannot join the cluster: {refusal}");
        try
        {
            var proof = new SecretProof(_parts.Store, _options.Cluster.Secret!);
            if (!await proof.HoldsAsync(others.Count == 0, cancellationToken))
                throw new StartException(
                    "the cluster's secret is another one: platform.cluster.secret must be the same in all processes; "
                    + $"it changes when none of them runs (now: {string.Join(", ", others.Select(node => node.Id))})");
        }
        catch (ClusterStoreException cause)
        {
            throw new StartException($"the cluster store cannot be used: {cause.Message} (platform.cluster.etcd)", cause);
        }
    }

    /// <summary>
    /// An empty store: epochs go on above those of a store that was lost, and what the newest snapshot knows of owners and
    /// cordons comes back.
    /// </summary>
    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        var (store, loggers) = (_parts!.Store, _server!.Loggers);
        await EpochBase.BeginAsync(store, _time.GetUtcNow(), cancellationToken);
        var snapshots = new ClusterSnapshots(
            store, _objects!, _options.NodeId, _parts.Notes, _time, loggers.CreateLogger<ClusterSnapshots>());
        if (await snapshots.ReadNewestAsync(cancellationToken) is { } snapshot)
            await new SnapshotRestore(store, _objects!, loggers.CreateLogger<SnapshotRestore>())
                .BringBackAsync(snapshot, cancellationToken);
    }

    private void Compose(RegistryParts registry)
    {
        var (server, parts) = (_server!, _parts!);
        var sampler = new NodeSampler(_options.DataFolder, _time);
        _background.Start(sampler.RunAsync);
        _background.Start(registry.Watch.RunAsync);
        _health.Add(() => new ReadyCheck("registry", registry.Watch.Problem));
        _health.Add(() => new ReadyCheck("membership", parts.Membership.Problem));
        _health.Add(() => new ReadyCheck("cluster-store", parts.Problem));
        _ = new NodeMetrics(Meters, sampler, registry.Index);
        var roles = new RoleContext(_options, _time, server, parts, registry, _objects!, _background, Meters)
        {
            AdminGuard = new AdminGuard(AdminToken.Open(_options.AdminToken, _folder!.AdminTokenFile)),
            InternalGuard = new InternalGuard(_options.Cluster.Secret!, server.IsInternal),
        };
        _control = _options.Mode == NodeMode.ControlPlane ? ControlPlaneRole.Open(roles) : null;
        _tenants = _options.Mode == NodeMode.TenantNode ? TenantNodeRole.OpenOn(roles, _folder.CacheFolder) : null;
        _gateway = _options.Mode == NodeMode.Gateway ? GatewayRole.Open(roles) : null;
        sampler.Tenants = () => _tenants?.Work ?? [];
        parts.Identity.Load = () => NodeLoad.Of(sampler.Latest, _tenants?.Status);
        if (_tenants is { } owned)
            _problems = new NodeProblems(sampler, () => owned.StorageLag, _options.TenantNode.WriteDeadline);
        parts.Identity.Problems = ProblemsForOthers;
        parts.Identity.Tenants = () => _tenants?.Open ?? [];
        var operators = OperatorPipeline.Build(server.Pipeline, routes =>
        {
            new ProbeEndpoints(_health, parts.Local, new ClusterMembers(parts)).Map(routes);
            new MetricsEndpoint(_metrics!).Map(routes);
            new ClusterNodeEndpoints(parts, registry.Index, _health, _time).Map(routes, roles.AdminGuard);
            new WatchEndpoint(parts.Local, parts.Membership.TryAnnounceAsync, server.Stopping)
                .Map(routes, roles.InternalGuard);
            _control?.Map(routes);
            _tenants?.Map(routes);
        });
        server.Pipeline.Run(context => AnswerAsync(context, operators));
    }

    /// <summary>Requests of tenants come in by a gateway's public listener and a tenant node's internal one.</summary>
    private Task AnswerAsync(HttpContext context, RequestDelegate operators)
    {
        var isInternal = _server!.IsInternal(context);
        if (_gateway is not null && _health.IsStopping) EndConnection(context);
        if (_tenants is { } tenants && isInternal && OwnedTenants.IsMeant(context))
            return tenants.Owned.HandleAsync(context, operators);
        return _gateway is { } gateway && !isInternal ? gateway.HandleAsync(context, operators) : operators(context);
    }

    /// <summary>The client is told to open its next connection elsewhere, before this one is closed under it.</summary>
    private static void EndConnection(HttpContext context) => context.Response.OnStarting(
        static state =>
        {
            var response = ((HttpContext)state).Response;
            if (HttpProtocol.IsHttp11(response.HttpContext.Request.Protocol)) response.Headers.Connection = "close";
            return Task.CompletedTask;
        },
        context);

    private static string RoleOf(NodeMode mode) => mode switch
    {
        NodeMode.ControlPlane => ClusterRoles.ControlPlane,
        NodeMode.Gateway => ClusterRoles.Gateway,
        _ => ClusterRoles.TenantNode,
    };

    /// <summary>What makes others give this node no more tenants. Its own start and membership are known to them.</summary>
    private List<string> ProblemsForOthers() =>
    [
        .. _health.Check().Where(check => check.Problem is not null && check.Name != "membership")
            .Select(check => $"{check.Name}: {check.Problem}"),
        .. _problems?.Now() ?? [],
    ];

    private async Task JoinAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _parts!.Membership.JoinAsync(cancellationToken);
        }
        catch (Exception cause) when (cause is NodeIdTakenException or ClusterStoreException)
        {
            throw new StartException($"the node cannot join the cluster: {cause.Message}", cause);
        }
    }

    private async Task LeaveAsync()
    {
        if (_parts is null) return;
        using var late = new CancellationTokenSource(LeaveTimeout, _time);
        try
        {
            await _parts.Membership.LeaveAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            // The store does not answer: the lease ends by itself.
        }
    }
}
