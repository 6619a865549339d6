using Google.Protobuf;

namespace Platform.Cluster.Store.Etcd.Grpc;

/// <summary>An open stream in both directions.</summary>
internal sealed class GrpcStream(
    HttpRequestMessage request, GrpcDuplexContent content, HttpResponseMessage response, Stream body) : IAsyncDisposable
{
    /// <summary>Sends a message; one at a time.</summary>
    public Task WriteAsync(IMessage message, CancellationToken cancellationToken) =>
        content.WriteAsync(GrpcFrame.Encode(message), cancellationToken);

    /// <summary>The next message.</summary>
    /// <exception cref="GrpcStatusException">The server ended the stream, whatever its status.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public async Task<byte[]> ReadAsync(CancellationToken cancellationToken)
    {
        if (await GrpcFrame.ReadAsync(body, cancellationToken) is { } message) return message;
        GrpcRequest.CheckTrailers(response);
        throw new GrpcStatusException(GrpcStatus.Unavailable, "the server ended the stream");
    }

    public async ValueTask DisposeAsync()
    {
        content.Complete();
        await body.DisposeAsync();
        response.Dispose();
        request.Dispose();
    }
}
