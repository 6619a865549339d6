using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Events;
using Platform.TenantShard.Http;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Realtime;

/// <summary>
/// The realtime clients of one activation. Events wait in one bounded queue and one task delivers them in commit order.
/// When events are lost for any reason, all clients are disconnected: a client that connects again knows that it may
/// have missed something, and one that stays would not.
/// </summary>
internal sealed partial class RealtimeHub(IShard shard) : IRecordListener, IAsyncDisposable
{
    /// <summary>Events that may wait; each holds the values of a record that its request holds anyway.</summary>
    private const int EventsMax = 4096;

    private readonly Lock _gate = new();
    private readonly SubscriptionIndex _index = new();
    private readonly Channel<RecordEvent> _events = Channel.CreateBounded<RecordEvent>(
        new BoundedChannelOptions(EventsMax) { SingleReader = true });

    private readonly CancellationTokenSource _closing = new();
    private volatile int _clientCount;
    private ILogger? _logger;
    private Task? _delivering;
    private bool _isClosed;
    private volatile bool _hasNewAuth;

    public bool IsListening => _clientCount > 0;

    /// <exception cref="ApiException">429: too many clients; 503: the tenant is closing.</exception>
    public RealtimeClient Connect(ApiContext context, ILogger logger)
    {
        var options = context.Services.Options.Realtime;
        var client = new RealtimeClient(options);
        lock (_gate)
        {
            if (_isClosed) throw ApiException.Unavailable("The tenant moved or is being restored.", 1);
            if (_index.ClientCount >= options.ClientsMax)
                throw new ApiException(429, "The tenant has too many realtime connections.") { RetryAfterSeconds = 10 };
            if (_delivering is null)
            {
                shard.Feed.Attach(this);
                _logger = logger;
                _delivering = DeliverAllAsync(new RealtimeDelivery(context.Services, context.Tenant));
            }

            _index.Add(client);
            _clientCount = _index.ClientCount;
        }

        return client;
    }

    public void Disconnect(RealtimeClient client)
    {
        lock (_gate)
        {
            _index.Remove(client);
            _clientCount = _index.ClientCount;
        }

        client.End();
    }

    public RealtimeClient? Find(string clientId)
    {
        lock (_gate) return _index.Find(clientId);
    }

    /// <summary>Replaces what the client follows, and remembers who it is.</summary>
    /// <exception cref="ApiException">403: it was somebody else before; 404: it is gone; 429: too many.</exception>
    public void Subscribe(
        RealtimeClient client, IReadOnlyList<string> texts, RealtimeAuth? auth, int tenantSubscriptionsMax)
    {
        lock (_gate)
        {
            if (client.Auth is { } known && !known.IsSame(auth?.Identity))
                throw ApiException.Forbidden("The current and the previous request authorization don't match.");
            if (_index.Find(client.Id) is null) throw new ApiException(404, "Missing or invalid client id.");
            if (_index.SubscriptionCount - client.Subscriptions.Count + texts.Count > tenantSubscriptionsMax)
                throw new ApiException(429, "The tenant has too many realtime subscriptions.");
            _index.Replace(client, texts);
            client.Auth = auth;
        }

        // Its token may have been voided between its proof and here.
        if (auth is not null) _hasNewAuth = true;
    }

    /// <summary>
    /// Sends a message that is no event of a record to one client, if it follows the topic; that ends with it.
    /// </summary>
    public bool TrySendOnce(string clientId, string topic, ReadOnlyMemory<byte> json)
    {
        lock (_gate)
        {
            if (_index.Find(clientId) is not { } client || !_index.Unfollow(client, topic)) return false;
            if (client.TrySend(EventMessage.Frame(topic, json.Span))) return true;
            client.End();
            return false;
        }
    }

    public void Take(RecordChanges changes)
    {
        foreach (var change in changes.Events)
        {
            if (_events.Writer.TryWrite(change)) continue;
            EndAll();
            return;
        }

        if (changes.IsIncomplete) EndAll();
    }

    public async ValueTask DisposeAsync()
    {
        Task? delivering;
        lock (_gate)
        {
            if (_isClosed) return;
            _isClosed = true;
            delivering = _delivering;
        }

        _events.Writer.TryComplete();
        await _closing.CancelAsync();
        if (delivering is not null) await delivering;
        EndAll();
        _closing.Dispose();
    }

    private void EndAll()
    {
        lock (_gate)
        {
            foreach (var client in _index.Clients) client.End();
        }
    }

    private async Task DeliverAllAsync(RealtimeDelivery delivery)
    {
        // The request that connects first only starts this.
        await Task.Yield();
        try
        {
            await foreach (var change in _events.Reader.ReadAllAsync(_closing.Token))
                await DeliverAsync(delivery, change);
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // The activation ends; clients connect again, wherever the tenant is then.
        }
    }

    private async ValueTask DeliverAsync(RealtimeDelivery delivery, RecordEvent change)
    {
        try
        {
            var hasNewAuth = _hasNewAuth;
            _hasNewAuth = false;
            if (hasNewAuth || delivery.MayHaveVoidedTokens(change)) await RevokeAsync(delivery);
            List<Subscription> subscriptions;
            lock (_gate) subscriptions = _index.Match(change);
            if (subscriptions.Count == 0) return;
            await delivery.SendAsync(change, subscriptions, _closing.Token);
        }
#pragma warning disable CA1031 // Supervision: what cannot be delivered is lost for all, and the next event is tried.
        catch (Exception failure) when (!_closing.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LogDeliveryFailed(_logger!, failure, shard.Tenant.Value);
            EndAll();
        }
    }

    private async ValueTask RevokeAsync(RealtimeDelivery delivery)
    {
        List<RealtimeClient> known;
        lock (_gate) known = _index.Authenticated();
        if (known.Count > 0) await delivery.RevokeAsync(known, _closing.Token);
    }

    [LoggerMessage(2310, LogLevel.Warning, "Realtime events of tenant {TenantId} could not be delivered")]
    private static partial void LogDeliveryFailed(ILogger logger, Exception failure, string tenantId);
}
