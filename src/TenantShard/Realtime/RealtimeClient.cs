using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Threading.Channels;

namespace Platform.TenantShard.Realtime;

/// <summary>One open connection: what it follows, and the messages that wait for it.</summary>
internal sealed class RealtimeClient(RealtimeOptions options)
{
    private const int IdLength = 40;
    private const string IdAlphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    private readonly Channel<byte[]> _messages = Channel.CreateBounded<byte[]>(
        new BoundedChannelOptions(options.QueuedMessagesMax) { SingleReader = true });

    private volatile RealtimeAuth? _auth;
    private volatile bool _isTooSlow;
    private int _queuedBytes;

    public string Id { get; } = RandomNumberGenerator.GetString(IdAlphabet, IdLength);

    /// <summary>Null for guests, and again once the proof is void.</summary>
    public RealtimeAuth? Auth
    {
        get => _auth;
        set => _auth = value;
    }

    /// <summary>Changed by the hub only, under its lock.</summary>
    public List<Subscription> Subscriptions { get; } = [];

    /// <summary>True when it was ended for not reading.</summary>
    public bool IsTooSlow => _isTooSlow;

    /// <summary>Completes when the client was ended.</summary>
    public Task Ended => _messages.Reader.Completion;

    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) =>
        _messages.Reader.WaitToReadAsync(cancellationToken);

    public bool TryTake([NotNullWhen(true)] out byte[]? message)
    {
        if (!_messages.Reader.TryRead(out message)) return false;
        Interlocked.Add(ref _queuedBytes, -message.Length);
        return true;
    }

    /// <summary>Queues a message, without its id line; false when the client is too slow and must be ended.</summary>
    public bool TrySend(byte[] message)
    {
        if (Interlocked.Add(ref _queuedBytes, message.Length) <= options.QueuedBytesMax
            && _messages.Writer.TryWrite(message))
        {
            return true;
        }

        _isTooSlow = true;
        return false;
    }

    /// <summary>Ends the connection after the messages that wait.</summary>
    public void End() => _messages.Writer.TryComplete();
}
