using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.Gateway.Forwarding;
using Platform.Gateway.Hosting;
using Platform.Gateway.Resolution;

namespace Platform.Gateway.Tests.Forwarding;

/// <summary>A real server on loopback: the gateway, one admin endpoint, a backend that a test writes.</summary>
internal sealed class GatewayServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly MeterListener _listener = new();

    private GatewayServer(WebApplication app) => _app = app;

    public HttpClient Client { get; private set; } = new();

    /// <summary>Measurements as "instrument outcome status_class", with their sum.</summary>
    public Dictionary<string, double> Measured { get; } = [];

    public static async Task<GatewayServer> StartAsync(
        RequestDelegate backend, RouteTable? routes = null, long? bodyBytesMax = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<IRouteSource>(routes ?? Tenants.Table());
        builder.Services.AddSingleton<ITenantBackend>(new ScriptedBackend(backend));
        var options = new GatewayOptions();
        builder.Services.AddTenantGateway(
            bodyBytesMax is { } max ? options with { RequestBodyBytesMax = max } : options);
        var app = builder.Build();
        app.UseTenantGateway();
        app.UseRouting();
        app.MapGet("/api/cp/health", () => "admin");
        app.MapFallback(TenantGatewayExtensions.NoTenantAsync);

        var server = new GatewayServer(app);
        server.Listen(app.Services.GetRequiredService<IMeterFactory>());
        await app.StartAsync();
        server.Client.Dispose();
        server.Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        return server;
    }

    /// <summary>
    /// Sends a request whose Host header is <paramref name="host"/>; null leaves the loopback address.
    /// </summary>
    public Task<HttpResponseMessage> SendAsync(string? host, string path, Action<HttpRequestMessage>? prepare = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = host;
        prepare?.Invoke(request);
        return Client.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        Client.Dispose();
        await _app.DisposeAsync();
    }

    private void Listen(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == meters && instrument.Meter.Name == GatewayMetrics.MeterName)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Note(instrument, 1, tags));
        _listener.Start();
    }

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var key = instrument.Name;
        foreach (var tag in tags) key += " " + tag.Value;
        lock (Measured) Measured[key] = Measured.GetValueOrDefault(key) + value;
    }
}
