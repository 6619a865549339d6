using System.Net;
using System.Net.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Platform.Cluster.Configuration.Options;
using Platform.Cluster.Modes;
using Platform.Cluster.Tls;
using Platform.Gateway.Hosting;

namespace Platform.Cluster.Http;

/// <summary>
/// Kestrel with our limits and nothing else: no files of settings, no per-request logging, no server header.
/// Cleartext listeners speak HTTP/1.1; with a certificate the public one speaks HTTP/2 as well.
/// </summary>
internal sealed class WebServer : IAsyncDisposable
{
    /// <summary>
    /// Connections that wait to be accepted: thousands of clients come back at once when a gateway is replaced. The kernel
    /// has a limit of its own (net.core.somaxconn, 4096).
    /// </summary>
    private const int Backlog = 4096;

    private readonly WebApplication _application;
    private readonly PlatformOptions _options;

    private WebServer(WebApplication application, PlatformOptions options)
    {
        _application = application;
        _options = options;
        Certificates = application.Services.GetService<CertificateStore>();
    }

    /// <summary>Null when the public listener speaks cleartext. Its owner runs it.</summary>
    public CertificateStore? Certificates { get; }

    public ILoggerFactory Loggers => _application.Services.GetRequiredService<ILoggerFactory>();

    public IServiceProvider Services => _application.Services;

    public IApplicationBuilder Pipeline => _application;

    /// <summary>Cancelled when the process begins to stop: long-lived answers end on it.</summary>
    public CancellationToken Stopping => _application.Lifetime.ApplicationStopping;

    /// <summary>Where clients reach the public listener; known after the start.</summary>
    public Uri PublicUrl { get; private set; } = null!;

    /// <summary>Where operators reach the internal listener; null when there is none.</summary>
    public Uri? InternalUrl { get; private set; }

    public static WebServer Create(PlatformOptions options)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "platform" });
        builder.Logging.SetMinimumLevel(options.LogLevel);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);

        // What a forwarding comes to is counted, and answered by the gateway itself.
        builder.Logging.AddFilter("Yarp", LogLevel.Error);

        // A port in use is reported once, in words, by the start itself.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting", LogLevel.None);
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddMetrics();
        builder.Services.AddNodeForwarding();
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.ShutdownTimeout);
        if (options.Http.Tls is { } tls)
        {
            builder.Services.AddSingleton(services => CertificateStore.Open(
                tls, TimeProvider.System, services.GetRequiredService<ILogger<CertificateStore>>()));
        }

        // A gateway computes nothing and blocks nowhere: handing each request to another thread twice costs more than
        // what it does. A tenant node's threads step SQLite.
        builder.Services.Configure<SocketTransportOptions>(sockets =>
        {
            sockets.Backlog = Backlog;
            sockets.UnsafePreferInlineScheduling = options.Mode == NodeMode.Gateway;
        });

        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
            Configure(kestrel, options.Http, kestrel.ApplicationServices.GetService<CertificateStore>()));
        return new WebServer(builder.Build(), options);
    }

    /// <exception cref="StartException">A port cannot be opened.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _application.StartAsync(cancellationToken);
        }
        catch (IOException cause) when (cause.InnerException is AddressInUseException)
        {
            throw new StartException(
                $"a port is in use by another process: {cause.Message} "
                + "(platform.http.listen chooses another, such as --set platform.http.listen=127.0.0.1:9000)", cause);
        }
        catch (Exception cause) when (cause is IOException or System.Net.Sockets.SocketException)
        {
            throw new StartException($"a listener cannot be opened: {cause.Message} (platform.http.listen)", cause);
        }

        var addresses = _application.Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!.Addresses.ToList();
        PublicUrl = UrlOf(_options.Http.Listen, addresses[0], Certificates is null ? "http" : "https");
        if (_options.Http.InternalListen is { } address) InternalUrl = UrlOf(address, addresses[1], "http");
    }

    /// <summary>True for a request that came in by the listener for operators.</summary>
    public bool IsInternal(HttpContext context) =>
        InternalUrl is { } url && context.Connection.LocalPort == url.Port;

    /// <summary>Stops accepting, finishes requests (bounded by the shutdown timeout), closes connections.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _application.StopAsync(cancellationToken);

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static void Configure(KestrelServerOptions kestrel, HttpOptions options, CertificateStore? certificates)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        kestrel.Limits.MaxRequestBodySize = options.BodyBytesMax;
        kestrel.Limits.MaxRequestHeadersTotalSize = options.HeaderBytesMax;
        kestrel.Limits.MaxRequestHeaderCount = options.HeaderCountMax;
        kestrel.Limits.MaxRequestLineSize = options.RequestLineBytesMax;
        kestrel.Limits.MaxRequestBufferSize = Math.Max(
            1024 * 1024, options.HeaderBytesMax + options.RequestLineBytesMax);
        kestrel.Limits.RequestHeadersTimeout = options.HeaderTimeout;
        kestrel.Limits.KeepAliveTimeout = options.KeepAliveTimeout;
        kestrel.Limits.MaxConcurrentConnections = options.ConnectionsMax;
        kestrel.Limits.MaxConcurrentUpgradedConnections = options.ConnectionsMax;
        Listen(kestrel, options.Listen, certificates);
        if (options.InternalListen is { } address) Listen(kestrel, address, certificates: null);
    }

    private static void Listen(KestrelServerOptions kestrel, ListenAddress address, CertificateStore? certificates)
    {
        if (address.Address is { } ip) kestrel.Listen(ip, address.Port, Use);
        else kestrel.ListenAnyIP(address.Port, Use);

        void Use(ListenOptions listener)
        {
            listener.Protocols = certificates is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2;
            if (certificates is not null) listener.UseHttps(HandshakesWith(certificates));
        }
    }

    private static TlsHandshakeCallbackOptions HandshakesWith(CertificateStore certificates) => new()
    {
        OnConnection = handshake => ValueTask.FromResult(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = certificates.Find(handshake.ClientHelloInfo.ServerName),
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
        }),
    };

    private static Uri UrlOf(ListenAddress configured, string bound, string scheme)
    {
        var port = new Uri(bound.Replace("[::]", "localhost", StringComparison.Ordinal)).Port;
        var host =
            configured.Address is null || configured.Address.Equals(IPAddress.Any) ? "127.0.0.1" : configured.Host;
        return new UriBuilder(scheme, host, port).Uri;
    }
}
