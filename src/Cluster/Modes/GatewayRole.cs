using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Platform.Cluster.Configuration.Options;
using Platform.Gateway.Forwarding;
using Platform.Gateway.Hosting;
using Platform.Gateway.Proxying;
using Platform.Gateway.Resolution;

namespace Platform.Cluster.Modes;

/// <summary>The edge of a cluster: finds the tenant of a request and its owner, and forwards.</summary>
internal sealed class GatewayRole : IDisposable
{
    private readonly OwnerBackend _backend;
    private readonly TenantGateway _gateway;

    private GatewayRole(OwnerBackend backend, TenantGateway gateway)
    {
        _backend = backend;
        _gateway = gateway;
    }

    public static GatewayRole Open(RoleContext context)
    {
        var options = context.Options;
        var backend = context.Server.Services.CreateOwnerBackend(
            context.Cluster.Owners, local: null, ProxyOptionsOf(options) with { Stopping = context.Server.Stopping },
            new Random());
        var routes = context.Registry.Index.Routes;
        return new GatewayRole(
            backend, Edge(options, routes, backend, context.Meters, context.Time, context.Server.Loggers));
    }

    /// <summary>The edge before tenants wherever they are.</summary>
    public static TenantGateway Edge(
        PlatformOptions options, RouteTable routes, ITenantBackend tenants, IMeterFactory meters, TimeProvider time,
        ILoggerFactory loggers) => new(
        new TenantResolver(routes, options.Gateway.BaseDomain),
        tenants,
        new Gateway.Forwarding.GatewayOptions
        {
            BaseDomain = options.Gateway.BaseDomain,
            RequestBodyBytesMax = options.Http.BodyBytesMax,
        },
        new GatewayMetrics(meters),
        time,
        loggers.CreateLogger<TenantGateway>());

    /// <summary>Answers a tenant's request; one that is no tenant's goes to <paramref name="operators"/>.</summary>
    public Task HandleAsync(HttpContext context, RequestDelegate operators) => _gateway.HandleAsync(context, operators);

    public void Dispose() => _backend.Dispose();

    public static ProxyOptions ProxyOptionsOf(PlatformOptions options) => new()
    {
        Secret = options.Cluster.Secret!,
        ConnectTimeout = options.Gateway.ConnectTimeout,
        AnswerTimeout = options.Gateway.AnswerTimeout,
        SilenceTimeout = options.Gateway.SilenceTimeout,
        HoldTimeout = options.Gateway.HoldTimeout,
        HeldMax = options.Gateway.HeldMax,
        ReplayBytesMax = options.Gateway.ReplayBytesMax,
        BreakerFailures = options.Gateway.BreakerFailures,
        BreakerPause = options.Gateway.BreakerPause,
    };
}
