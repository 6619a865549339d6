using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.Cluster.Internal;
using Platform.Cluster.Liveness;
using Platform.Cluster.Membership;

namespace Platform.Cluster.Tests.Liveness;

/// <summary>A real listener of a process that is watched, which a test ends in one way or another.</summary>
internal sealed class WatchedHost : IAsyncDisposable
{
    public const string Secret = "the-secret-of-all-processes-of-a-test";

    private readonly CancellationTokenSource _stopping = new();
    private readonly WebApplication _app;
    private volatile TaskCompletionSource _break = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _announced;

    private WatchedHost(string id, int port, string role)
    {
        Node = new LocalNode(id, "", [role], TimeProvider.System.GetUtcNow());
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        _app = builder.Build();
        _app.Use(async (context, next) =>
        {
            var broken = _break.Task;
            var serving = next(context);
            if (await Task.WhenAny(serving, broken) == broken) context.Abort();
            await serving;
        });
        _app.UseRouting();
        new WatchEndpoint(Node, AnnounceAsync, _stopping.Token).Map(_app, new InternalGuard(Secret, _ => true));
    }

    public LocalNode Node { get; }

    public Uri Url => new(
        _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <summary>How often the process showed that it lives, because a watch of it had ended.</summary>
    public int Announced => Volatile.Read(ref _announced);

    public Func<Task> Announce { get; set; } = () => Task.CompletedTask;

    public static async Task<WatchedHost> StartAsync(string id, int port = 0, string role = ClusterRoles.TenantNode)
    {
        var host = new WatchedHost(id, port, role);
        await host._app.StartAsync();
        host.Node.Announce(host.Url);
        return host;
    }

    /// <summary>As a kill does: the listener is gone, then the connections, without a word.</summary>
    public Task DieAsync() => _app.StopAsync(new CancellationToken(canceled: true));

    /// <summary>As a clean stop does: what is under way is ended properly.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _app.StopAsync();
    }

    /// <summary>Breaks the connections that are open; new ones are welcome.</summary>
    public void BreakConnections()
    {
        var broken = _break;
        _break = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        broken.SetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _app.DisposeAsync();
        _stopping.Dispose();
    }

    private Task AnnounceAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _announced);
        return Announce();
    }
}
