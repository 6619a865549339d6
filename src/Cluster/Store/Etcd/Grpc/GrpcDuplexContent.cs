using System.Net;

namespace Platform.Cluster.Store.Etcd.Grpc;

/// <summary>A request body that stays open and is written to while the answer is read.</summary>
internal sealed class GrpcDuplexContent(byte[] first) : HttpContent
{
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Stream? _stream;

    /// <summary>Sends a message. One at a time, after the answer has begun.</summary>
    public async Task WriteAsync(byte[] frame, CancellationToken cancellationToken)
    {
        var stream = _stream ?? throw new IOException("The stream is not open.");
        await stream.WriteAsync(frame, cancellationToken);
        await stream.FlushAsync(cancellationToken);
    }

    /// <summary>Ends the request's side.</summary>
    public void Complete() => _completed.TrySetResult();

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(first);
        await stream.FlushAsync();
        _stream = stream;
        await _completed.Task;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
