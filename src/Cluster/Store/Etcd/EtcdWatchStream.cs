using Platform.Cluster.Store.Etcd.Grpc;
using Platform.Cluster.Store.Etcd.Wire;

namespace Platform.Cluster.Store.Etcd;

/// <summary>
/// One watch at one member. A member that is frozen or cut off keeps its connection open and mute; so after a silence
/// the member is asked for its progress, and has to answer.
/// </summary>
internal sealed class EtcdWatchStream(GrpcStream stream, TimeSpan silenceMax, TimeProvider time) : IAsyncDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private Task<byte[]>? _reading;

    /// <summary>The next message.</summary>
    /// <exception cref="IOException">The member is mute, or the connection broke.</exception>
    /// <exception cref="GrpcStatusException">The member ended the watch.</exception>
    public async Task<WatchResponse> ReadAsync(CancellationToken cancellationToken)
    {
        for (var isAsked = false; ; isAsked = true)
        {
            // A read goes on when the wait for it is over: the bytes of a message must not be lost.
            _reading ??= stream.ReadAsync(_ended.Token);
            try
            {
                var message = await _reading.WaitAsync(silenceMax, time, cancellationToken);
                _reading = null;
                return WatchResponse.Parser.ParseFrom(message);
            }
            catch (TimeoutException) when (!isAsked)
            {
                await AskAsync(cancellationToken);
            }
            catch (TimeoutException silence)
            {
                throw new IOException("the member does not answer on the watch", silence);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await stream.DisposeAsync();
        if (_reading is { } reading) await reading.ContinueWith(_ => { }, TaskScheduler.Default);
        _ended.Dispose();
    }

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(silenceMax, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await stream.WriteAsync(
                new WatchRequest { ProgressRequest = new WatchProgressRequest() }, either.Token);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException("the member takes nothing on the watch", late);
        }
    }
}
