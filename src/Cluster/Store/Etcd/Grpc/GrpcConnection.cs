using System.Net.Security;
using Google.Protobuf;

namespace Platform.Cluster.Store.Etcd.Grpc;

/// <summary>
/// gRPC calls over HTTP/2 connections of their own: what is big or slow on one object of this class does not hold up
/// what goes over another.
/// </summary>
internal sealed class GrpcConnection : IDisposable
{
    private readonly HttpMessageInvoker _http;

    public GrpcConnection(SslClientAuthenticationOptions? tls, TimeSpan connectTimeout)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ConnectTimeout = connectTimeout,
            EnableMultipleHttp2Connections = true,

            // etcd closes a connection that pings more often than every 5 s.
            KeepAlivePingDelay = TimeSpan.FromSeconds(10),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(5),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        };
        if (tls is not null) handler.SslOptions = tls;
        _http = new HttpMessageInvoker(handler);
    }

    /// <summary>One message there, one back.</summary>
    /// <exception cref="GrpcStatusException">The server refused.</exception>
    /// <exception cref="HttpRequestException">There is no connection.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public async Task<TResponse> CallAsync<TRequest, TResponse>(
        Uri server, GrpcMethod<TRequest, TResponse> method, TRequest message, string? token,
        CancellationToken cancellationToken)
        where TRequest : IMessage<TRequest>
        where TResponse : IMessage<TResponse>
    {
        using var request = GrpcRequest.Create(
            server, method.Path, token, new ByteArrayContent(GrpcFrame.Encode(message)));
        using var response = await _http.SendAsync(request, cancellationToken);
        GrpcRequest.CheckHeaders(response);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        byte[]? answer = null;
        while (await GrpcFrame.ReadAsync(body, cancellationToken) is { } frame) answer = frame;
        GrpcRequest.CheckTrailers(response);
        return answer is null
            ? throw new InvalidDataException("The answer has no message.")
            : method.Parser.ParseFrom(answer);
    }

    /// <summary>Opens a stream in both directions; the first message goes with it.</summary>
    /// <exception cref="GrpcStatusException">The server refused.</exception>
    /// <exception cref="HttpRequestException">There is no connection.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public async Task<GrpcStream> OpenAsync(
        Uri server, string path, IMessage first, string? token, CancellationToken cancellationToken)
    {
        var content = new GrpcDuplexContent(GrpcFrame.Encode(first));
        var request = GrpcRequest.Create(server, path, token, content);
        try
        {
            var response = await _http.SendAsync(request, cancellationToken);
            try
            {
                GrpcRequest.CheckHeaders(response);
                var body = await response.Content.ReadAsStreamAsync(cancellationToken);
                return new GrpcStream(request, content, response, body);
            }
            catch
            {
                response.Dispose();
                throw;
            }
        }
        catch
        {
            content.Complete();
            request.Dispose();
            throw;
        }
    }

    public void Dispose() => _http.Dispose();
}
