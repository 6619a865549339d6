using System.Net;
using System.Net.Sockets;

namespace Platform.Testing.Processes;

/// <summary>
/// HTTP to this machine, whatever the host name: <c>acme.localhost</c> is the loopback by RFC 6761, but not every
/// resolver knows.
/// </summary>
public static class LoopbackHttp
{
    /// <summary>A client with connections of its own.</summary>
    public static HttpClient Create(Uri baseAddress) => new(new SocketsHttpHandler
    {
        ConnectCallback = ConnectAsync,
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
    })
    {
        BaseAddress = baseAddress,
        Timeout = TimeSpan.FromSeconds(60),
    };

    private static async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
