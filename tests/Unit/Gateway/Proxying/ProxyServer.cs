using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.Gateway.Forwarding;
using Platform.Gateway.Hosting;
using Platform.Gateway.Proxying;
using Platform.Gateway.Resolution;

namespace Platform.Gateway.Tests.Proxying;

/// <summary>A real gateway on loopback that forwards to the owners that a test names.</summary>
internal sealed class ProxyServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ProxyServer(WebApplication app, HttpClient client) => (_app, Client) = (app, client);

    public HttpClient Client { get; }

    public Uri Url => new(_app.Urls.Single());

    public OwnerBackend Backend => (OwnerBackend)_app.Services.GetRequiredService<ITenantBackend>();

    public static async Task<ProxyServer> StartAsync(
        ScriptedOwners owners, ProxyOptions? options = null, LocalNode? local = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddNodeForwarding();
        builder.Services.AddSingleton<IRouteSource>(Tenants.Table());
        builder.Services.AddSingleton<ITenantBackend>(services =>
            services.CreateOwnerBackend(owners, local, options ?? new ProxyOptions(), new Random(1)));
        builder.Services.AddTenantGateway(new GatewayOptions { RequestBodyBytesMax = 1024L * 1024 * 1024 });
        var app = builder.Build();
        app.UseTenantGateway();
        app.UseRouting();
        app.MapFallback(TenantGatewayExtensions.NoTenantAsync);
        await app.StartAsync();
        var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()), Timeout = TimeSpan.FromSeconds(60) };
        return new ProxyServer(app, client);
    }

    /// <summary>A request of tenant acme.</summary>
    public static HttpRequestMessage Request(HttpMethod method, string path, HttpContent? content = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Host = "acme.localhost";
        return request;
    }

    public Task<HttpResponseMessage> GetAsync(string path) => Client.SendAsync(Request(HttpMethod.Get, path));

    public Task<HttpResponseMessage> PostAsync(string path, HttpContent content) =>
        Client.SendAsync(Request(HttpMethod.Post, path, content));

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
