using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Platform.Cluster.Admin;
using Platform.Cluster.Configuration.Options;
using Platform.Cluster.Health;
using Platform.Cluster.Http;
using Platform.Cluster.Membership;

namespace Platform.Cluster.Modes;

/// <summary>Everything in one process: registry, gateway and tenants. Parts are closed in the reverse order of their opening.</summary>
internal sealed class AllInOneNode : IAsyncDisposable
{
    private readonly NodeHealth _health = new();
    private readonly PlatformOptions _options;
    private readonly TimeProvider _time;
    private DataFolder? _folder;
    private WebServer? _server;

    private AllInOneNode(PlatformOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
    }

    public AdminToken AdminToken { get; private set; } = null!;

    public string ObjectStoreDescription { get; private set; } = "";

    public Uri PublicUrl => _server!.PublicUrl;

    public Uri? InternalUrl => _server!.InternalUrl;

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

    /// <summary>Completes when <paramref name="stop"/> is cancelled.</summary>
    public static async Task WaitForStopAsync(CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stop.Register(stopped.SetResult);
        await stopped.Task;
    }

    /// <summary>Refuses new requests, finishes those in flight within the shutdown timeout, closes everything.</summary>
    public async ValueTask DisposeAsync()
    {
        _health.MarkStopping();
        if (_server is not null)
        {
            await _server.StopAsync(CancellationToken.None);
            await _server.DisposeAsync();
        }

        _folder?.Dispose();
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        _folder = DataFolder.Open(_options.DataFolder);
        AdminToken = AdminToken.Open(_options.AdminToken, _folder.AdminTokenFile);
        _server = WebServer.Create(_options);
        var local = new LocalNode(
            _options.NodeId, _options.Zone, ["control-plane", "tenant-node", "gateway"], _time.GetUtcNow());
        ComposePipeline(_server, local);
        await _server.StartAsync(cancellationToken);
        local.Announce(_options.Http.Advertise ?? _server.InternalUrl ?? _server.PublicUrl);
        _health.MarkStarted();
    }

    private void ComposePipeline(WebServer server, LocalNode local)
    {
        var operators = OperatorPipeline.Build(server.Pipeline, routes => MapOperators(routes, local));
        server.Pipeline.UseMiddleware<ErrorBoundary>();
        server.Pipeline.Run(operators);
    }

    private void MapOperators(IEndpointRouteBuilder routes, LocalNode local) => new ProbeEndpoints(_health, local).Map(routes);
}
