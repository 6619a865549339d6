using System.Net;
using System.Net.Sockets;
using Platform.Messages.Routing;

namespace Platform.Cluster.Liveness;

/// <summary>
/// The watching side of <see cref="WatchEndpoint"/>: one connection to each process that is watched, on which nothing is
/// sent. Only the end of the process, or somebody who breaks connections, ends it.
/// </summary>
internal sealed class WatchClient : IDisposable
{
    /// <summary>For the answer's beginning; a process that is slower is asked again.</summary>
    private static readonly TimeSpan BeginTimeout = TimeSpan.FromSeconds(2);

    private static readonly HttpRequestOptionsKey<IPEndPoint[]> ConnectedTo = new("connected-to");

    private readonly HttpClient _http;
    private readonly Surroundings _surroundings;

    public WatchClient(string secret, Surroundings surroundings)
    {
        _surroundings = surroundings;
        _http = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ConnectCallback = ConnectAsync,

            // A connection that has served its watch is of no use.
            PooledConnectionIdleTimeout = TimeSpan.Zero,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.Add(ForwardHeaders.Secret, secret);
    }

    /// <summary>
    /// Follows a process until that ends, in whatever way; with the address of the connection that was open, if one was.
    /// </summary>
    public async Task<(WatchEnd End, IPEndPoint? At)> FollowAsync(
        WatchedProcess process, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(process.Address, WatchEndpoint.Path));
        var connectedTo = new IPEndPoint[1];
        request.Options.Set(ConnectedTo, connectedTo);
        using var answer = await BeginAsync(request, cancellationToken);
        if (answer is not { StatusCode: HttpStatusCode.OK } || HeaderOf(answer, WatchEndpoint.NodeHeader) != process.Node)
            return (WatchEnd.NotBegun, null);
        if (HeaderOf(answer, WatchEndpoint.InstanceHeader) != process.Instance) return (WatchEnd.Succeeded, null);
        _surroundings.BeginFollowing();
        try
        {
            return (await ReadToEndAsync(answer, cancellationToken), connectedTo[0]);
        }
        finally
        {
            _surroundings.EndFollowing();
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage?> BeginAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(BeginTimeout);
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, late.Token);
        }
        catch (HttpRequestException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private static async Task<WatchEnd> ReadToEndAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var buffer = new byte[64];
        try
        {
            await using var stream = await answer.Content.ReadAsStreamAsync(cancellationToken);
            while (await stream.ReadAsync(buffer, cancellationToken) > 0)
            {
                // Releases to come may say something.
            }

            return WatchEnd.Farewell;
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException)
        {
            return WatchEnd.Broken;
        }
    }

    private static async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            if (socket.RemoteEndPoint is IPEndPoint there
                && context.InitialRequestMessage.Options.TryGetValue(ConnectedTo, out var connectedTo))
                connectedTo[0] = Plain(there);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sockets for both families name addresses of the old one in the words of the new one.</summary>
    private static IPEndPoint Plain(IPEndPoint address) =>
        address.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(address.Address.MapToIPv4(), address.Port) : address;

    private static string? HeaderOf(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? values.First() : null;
}
