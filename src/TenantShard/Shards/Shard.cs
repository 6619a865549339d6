using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Platform.Messages.Identity;
using Platform.Messages.Tenants;
using Platform.Replication.Fencing;
using Platform.Replication.Maintenance;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Database;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Events;
using Platform.TenantShard.Files;
using Platform.TenantShard.Hosting;
using Platform.TenantShard.Lifecycle;
using Platform.TenantShard.Logs;
using Platform.TenantShard.Scheduling;

namespace Platform.TenantShard.Shards;

/// <summary>
/// One tenant, open on this node: the single owner of its database. Writes go through the mailbox to the drain;
/// reads run beside it. The shard holds the pieces together; each piece knows nothing of the others.
/// </summary>
internal sealed partial class Shard : IShard
{
    /// <summary>What a small request costs beside its statements: docs/benchmarks.md, the second hop of a request.</summary>
    private static readonly TimeSpan RequestWork = TimeSpan.FromMicroseconds(100);

    private readonly ShardParts _parts;
    private readonly ShardHostOptions _options;
    private readonly Channel<WriteOperation> _mailbox;
    private readonly MailboxDrain _drain;
    private readonly ShardLifecycle _lifecycle = new();
    private readonly SlotQueue _readQueue = new();
    private readonly SlotQueue _writeQueue = new();
    private readonly RestOperation _rest = new();
    private readonly TaskCompletionSource _unused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action<Shard> _failed;
    private readonly ILogger _logger;
    private readonly Task _draining;
    private int _users;
    private long _entered;
    private volatile bool _isClosing;
    private long _lastUsed;

    public Shard(
        TenantDescriptor descriptor, ShardParts parts, ShardHostOptions options, Action<Shard> failed, ILogger logger)
    {
        Descriptor = descriptor;
        _parts = parts;
        _options = options;
        _failed = failed;
        _logger = logger;
        // Full: the write is refused with 503, which tells the client to slow down before memory does.
        _mailbox = Channel.CreateBounded<WriteOperation>(
            new BoundedChannelOptions(options.MailboxLength) { SingleReader = true });
        Files = new TenantFiles(parts.Files, new FileSweeper(parts.Files, this, options.FileRetention, logger));
        _drain = new MailboxDrain(
            _mailbox.Reader, parts, options, descriptor.Durability, _writeQueue, Files.Sweeper.NoteRemovals);
        _lastUsed = parts.Clock.GetTimestamp();
        Move(ShardState.Active);
        _draining = DrainAsync();
    }

    public TenantDescriptor Descriptor { get; }

    public TenantId Tenant => Descriptor.Id;

    public SchemaSnapshot Schema => _drain.Schema;

    public TenantFiles Files { get; }

    /// <summary>Where what happens is written down.</summary>
    public LogStorage? LogStorage => _parts.Logs;

    public TimeProvider Clock => _parts.Clock;

    public RecordFeed Feed => _parts.Feed;

    public ShardState State => _lifecycle.State;

    public ShardShipping Shipping => _parts.Shipping;

    public ReplicaUpkeep Upkeep => _parts.Upkeep;

    /// <summary>Requests that use the shard now.</summary>
    public int Users => Volatile.Read(ref _users);

    /// <summary>
    /// What the shard has cost the node's processors since it was opened: its statements, and each request beside them.
    /// An estimate, to compare tenants with each other.
    /// </summary>
    public TimeSpan Work => _readQueue.Busy + _writeQueue.Busy + RequestWork * Volatile.Read(ref _entered);

    /// <summary>When a request last entered or left, as a timestamp of the clock.</summary>
    public long LastUsed => Volatile.Read(ref _lastUsed);

    /// <summary>Enters a request; false when the shard is closing and the caller must activate anew.</summary>
    public bool TryEnter()
    {
        Interlocked.Increment(ref _users);
        Interlocked.Increment(ref _entered);
        if (_isClosing)
        {
            Leave();
            return false;
        }

        Volatile.Write(ref _lastUsed, Clock.GetTimestamp());
        if (State == ShardState.Idle) Move(ShardState.Active);
        return true;
    }

    /// <summary>Ends what <see cref="TryEnter"/> began.</summary>
    public void Leave()
    {
        Volatile.Write(ref _lastUsed, Clock.GetTimestamp());
        if (Interlocked.Decrement(ref _users) == 0 && _isClosing) _unused.TrySetResult();
    }

    public IDisposable Rest()
    {
        Leave();
        // Entered without a question: the request does nothing more here but leave.
        return new RestingUse(() => Interlocked.Increment(ref _users));
    }

    public async ValueTask<TResult> ReadAsync<TState, TResult>(
        TState state, Func<ReadScope, TState, TResult> query, CancellationToken cancellationToken)
    {
        RequireOpen();
        using var slot = await _parts.Slots.EnterAsync(_readQueue, isBounded: true, cancellationToken);
        var connection = _parts.Readers.Take();
        slot.Run(connection);
        try
        {
            return query(new ReadScope(connection, Schema), state);
        }
        catch (DatabaseException interrupted) when (interrupted.IsInterrupted)
        {
            throw slot.IsStoppedForMemory ? ApiException.TooMuchMemory(interrupted) : ApiException.TooSlow(interrupted);
        }
        finally
        {
            slot.Stop();
            _parts.Readers.Return(connection);
        }
    }

    public ValueTask<TResult> WriteAsync<TResult>(
        WriteCommand<TResult> command, CancellationToken cancellationToken)
    {
        RequireOpen();
        var operation = new WriteOperation<TResult>(command, Clock.GetTimestamp(), cancellationToken);
        if (!_mailbox.Writer.TryWrite(operation))
        {
            RequireOpen();
            _parts.Metrics.WriteRefused("mailbox-full");
            throw ApiException.Unavailable("The tenant has too many writes waiting.", retryAfterSeconds: 1);
        }

        return new ValueTask<TResult>(operation.Answer);
    }

    /// <summary>True while the shard holds files open.</summary>
    public bool IsAwake => _parts.IsAwake;

    /// <summary>Lets a shard that nobody uses rest: it holds no file until the next request.</summary>
    public void BecomeIdle()
    {
        if (Users > 0) return;
        Move(ShardState.Idle);
        // Through the mailbox, because the drain alone may use the writer. When that is full, nothing rests anyway.
        if (State != ShardState.Idle || !IsAwake || !_rest.TryQueue()) return;
        if (!_mailbox.Writer.TryWrite(_rest)) _rest.Taken();
    }

    /// <summary>
    /// Refuses new requests, lets those inside finish (bounded), finishes queued writes, ships, checkpoints and
    /// closes. A fenced or faulted shard ships nothing and discards its local copy.
    /// </summary>
    /// <param name="shipped">Told once all is shipped, or cannot be, before the files are closed.</param>
    /// <param name="others">Work beside the shard; before its end the local copy is not discarded.</param>
    public async Task CloseAsync(Action<bool>? shipped = null, Task? others = null)
    {
        _isClosing = true;
        if (Users == 0) _unused.TrySetResult();
        Move(ShardState.Draining);
        try
        {
            await _unused.Task.WaitAsync(_options.WriteDeadline, Clock);
        }
        catch (TimeoutException)
        {
            LogClosedUnderUse(Tenant, Users);
        }

        // Before the mailbox ends: the sweeper asks through it.
        await Files.Sweeper.DisposeAsync();
        _mailbox.Writer.TryComplete();
        await _draining;
        await _parts.CloseAsync(State, shipped, others ?? Task.CompletedTask);
        if (Shipping.OldestUnshipped != 0) LogUnshipped(Tenant, Shipping.UnshippedBytes);
        Move(ShardState.Evicted);
    }

    /// <summary>Ends the shard after background work has learned that a newer owner exists.</summary>
    public void Fence(FencedException fenced)
    {
        // The drain answers what is queued: it alone touches the group under way.
        _drain.Fence(fenced);
        Move(ShardState.Fenced);
        _isClosing = true;
        _mailbox.Writer.TryComplete();
        _failed(this);
    }

    private async Task DrainAsync()
    {
        try
        {
            await _drain.RunAsync();
        }
        catch (FencedException fenced)
        {
            Fail(ShardState.Fenced, fenced);
        }
#pragma warning disable CA1031 // Supervision: whatever broke the drain ends this shard and no other.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Fail(ShardState.Faulted, failure);
        }
    }

    private void Fail(ShardState state, Exception failure)
    {
        LogFailed(failure, Tenant, state);
        Move(state);
        _isClosing = true;
        _mailbox.Writer.TryComplete();
        _drain.FailRest(ApiException.Unavailable("The tenant moved or is being restored.", retryAfterSeconds: 1));
        _failed(this);
    }

    private void RequireOpen()
    {
        if (State is ShardState.Active or ShardState.Idle or ShardState.Draining) return;
        throw ApiException.Unavailable("The tenant moved or is being restored.", retryAfterSeconds: 1);
    }

    private bool Move(ShardState state)
    {
        if (!_lifecycle.TryMove(state)) return false;
        _parts.Metrics.Moved(state);
        LogMoved(Tenant, state);
        return true;
    }

    [LoggerMessage(2001, LogLevel.Debug, "Shard of tenant {TenantId} is {State}")]
    private partial void LogMoved(TenantId tenantId, ShardState state);

    [LoggerMessage(2002, LogLevel.Error, "Shard of tenant {TenantId} ends as {State}; its local copy is discarded")]
    private partial void LogFailed(Exception failure, TenantId tenantId, ShardState state);

    [LoggerMessage(2003, LogLevel.Warning, "Shard of tenant {TenantId} closes with {Users} requests inside")]
    private partial void LogClosedUnderUse(TenantId tenantId, int users);

    [LoggerMessage(2004, LogLevel.Warning,
        "Tenant {TenantId} was closed with {Bytes} bytes of commits that object storage does not have; "
        + "until the tenant is opened here again they exist only in the local copy")]
    private partial void LogUnshipped(TenantId tenantId, long bytes);
}
