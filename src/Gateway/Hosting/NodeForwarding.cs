using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Platform.Gateway.Owners;
using Platform.Gateway.Proxying;
using Yarp.ReverseProxy.Forwarder;

namespace Platform.Gateway.Hosting;

/// <summary>Puts the way to other nodes into a host.</summary>
public static class NodeForwarding
{
    /// <summary>Adds what <see cref="CreateOwnerBackend"/> needs.</summary>
    public static IServiceCollection AddNodeForwarding(this IServiceCollection services)
    {
        services.AddHttpForwarder();
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ProxyMetrics>();
        return services;
    }

    /// <summary>The backend that finds each tenant's owner and forwards to it. The caller disposes it.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="owners">Who owns which tenant.</param>
    /// <param name="local">The node in this process; or null.</param>
    /// <param name="options">Limits and timeouts.</param>
    /// <param name="random">For the jitter of pauses.</param>
    public static OwnerBackend CreateOwnerBackend(
        this IServiceProvider services, ITenantOwners owners, LocalNode? local, ProxyOptions options, Random random) =>
        new(
            owners, local, services.GetRequiredService<IHttpForwarder>(), options,
            services.GetRequiredService<ProxyMetrics>(), random, services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILoggerFactory>().CreateLogger<OwnerBackend>());
}
