using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Platform.Gateway.Forwarding;
using Platform.Gateway.Resolution;

namespace Platform.Gateway.Hosting;

/// <summary>
/// Puts the gateway into a host:
/// <code>
/// var routes = new RouteTable();                            // fed from the registry: routes.Apply(descriptor)
/// builder.Services.AddSingleton&lt;IRouteSource&gt;(routes);
/// builder.Services.AddSingleton&lt;ITenantBackend, ...&gt;();       // answers in process, or forwards
/// builder.Services.AddTenantGateway(new GatewayOptions { BaseDomain = "localhost" });
///
/// var app = builder.Build();
/// app.UseTenantGateway();                                   // first: a tenant's request goes no further
/// app.UseRouting();                                         // explicit, so that only the process's own requests
/// app.MapGet("/alive", ...);                                //   pay for the matching of endpoints
/// app.MapFallback(TenantGatewayExtensions.NoTenantAsync);
/// </code>
/// A listener that serves no tenants at all is branched off before: <c>app.UseWhen(context => isPublic(context),
/// branch => branch.UseTenantGateway())</c>.
/// </summary>
public static class TenantGatewayExtensions
{
    /// <summary>
    /// Adds the gateway. The host adds <see cref="IRouteSource"/> and <see cref="ITenantBackend"/>, and may add a
    /// <see cref="TimeProvider"/>.
    /// </summary>
    public static IServiceCollection AddTenantGateway(this IServiceCollection services, GatewayOptions options)
    {
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton<GatewayMetrics>();
        services.AddSingleton(provider =>
            new TenantResolver(provider.GetRequiredService<IRouteSource>(), options.BaseDomain));
        services.AddSingleton<TenantGateway>();
        return services;
    }

    /// <summary>Answers all requests of tenants; others go on to the next middleware.</summary>
    public static IApplicationBuilder UseTenantGateway(this IApplicationBuilder app)
    {
        var gateway = app.ApplicationServices.GetRequiredService<TenantGateway>();
        return app.Use(next => context => gateway.HandleAsync(context, next));
    }

    /// <summary>The fallback of the process's own endpoints: a 404 that says how to name a tenant.</summary>
    public static Task NoTenantAsync(HttpContext context) => GatewayProblem.WriteAsync(
        context,
        StatusCodes.Status404NotFound,
        "Nothing answers at this path, and the request names no tenant: use the tenant's host name or the "
            + $"{TenantResolver.HeaderName} header.");
}
