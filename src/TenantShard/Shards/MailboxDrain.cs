using System.Threading.Channels;
using Platform.Messages.Tenants;
using Platform.Replication.Fencing;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Database;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Events;
using Platform.TenantShard.Hosting;
using Platform.TenantShard.Scheduling;

namespace Platform.TenantShard.Shards;

/// <summary>
/// The one task that writes: takes what is queued, commits it as one group, makes it durable, answers, repeats.
/// While a group is on its way to object storage the next one collects in the mailbox, so latency is about one PUT
/// and throughput is not bound to it.
/// </summary>
internal sealed class MailboxDrain(
    ChannelReader<WriteOperation> mailbox, ShardParts parts, ShardHostOptions options, Durability durability,
    SlotQueue queue, Action filesRemoved)
{
    /// <summary>Between two attempts to store what is late.</summary>
    private static readonly TimeSpan LatePause = TimeSpan.FromMilliseconds(250);

    /// <summary>Room comes when other tenants rest or move, or when an operator makes some.</summary>
    private const int DiskFullRetrySeconds = 5;

    private readonly GroupCommit _commit = new(parts.Writer, parts.Feed, parts.Clock);
    private readonly List<WriteOperation> _group = [];
    private readonly List<WriteOperation> _single = new(1);

    /// <summary>
    /// What a group has done that was answered with 503 and is on its way yet. Of one group at most: none runs meanwhile.
    /// </summary>
    private readonly List<RecordChanges> _late = [];
    private volatile SchemaSnapshot _schema = parts.Schema;
    private volatile FencedException? _fence;
    private bool _isInitialised;

    /// <summary>The newest committed schema; written by the drain, read by everyone.</summary>
    public SchemaSnapshot Schema => _schema;

    /// <summary>Makes the drain end with this at its next step, before it acknowledges anything more.</summary>
    public void Fence(FencedException fenced) => _fence = fenced;

    /// <summary>Runs until the mailbox is completed and empty.</summary>
    /// <exception cref="FencedException">A newer owner exists.</exception>
    /// <exception cref="DatabaseException">The local copy is broken.</exception>
    public async Task RunAsync()
    {
        using var intake = new GroupIntake(mailbox, parts.Metrics, parts.Clock, options, durability);
        while (await WaitAsync())
        {
            await intake.TakeAsync(_group);
            if (_group.Count == 0)
            {
                if (intake.IsAskedToRest) parts.TryRest();
                continue;
            }

            if (!_isInitialised) AddInitialization();

            try
            {
                await RunGroupAsync(intake);
            }
            catch (ApiException refusal)
            {
                parts.Metrics.WriteRefused("not-durable");
                FailGroup(refusal);
            }

            await parts.Shipping.CheckpointIfDueAsync(parts.Writer, durability == Durability.Local);
        }
    }

    /// <summary>Answers everything that is still waiting, after the drain has ended by a failure.</summary>
    public void FailRest(ApiException refusal)
    {
        FailGroup(refusal);
        while (mailbox.TryRead(out var operation)) operation.Fail(refusal);
    }

    /// <summary>
    /// Waits for writes; meanwhile stores what is late, so that who listens hears of it without another write.
    /// </summary>
    private async ValueTask<bool> WaitAsync()
    {
        if (_late.Count == 0) return await mailbox.WaitToReadAsync();
        var more = mailbox.WaitToReadAsync().AsTask();
        while (_late.Count > 0 && !more.IsCompleted)
        {
            await Task.WhenAny(more, Task.Delay(LatePause, parts.Clock));
            if (!more.IsCompleted && await parts.Shipping.TryShipAsync()) PublishLate();
        }

        return await more;
    }

    private void PublishLate()
    {
        if (_late.Count == 0 || parts.Shipping.OldestUnshipped != 0 || _fence is not null || !parts.MayAcknowledge()) return;
        foreach (var changes in _late) parts.Feed.Publish(changes);
        _late.Clear();
    }

    private void AddInitialization()
    {
        // Until its group has committed: a group that failed leaves the database fresh.
        if (parts.Initialization(_schema) is { } command)
            _group.Insert(0, new WriteOperation<bool>(command, parts.Clock.GetTimestamp(), CancellationToken.None));
        else _isInitialised = true;
    }

    private async ValueTask RunGroupAsync(GroupIntake intake)
    {
        RequireUnfenced();
        await RequireRoomAsync();
        PublishLate();
        var started = parts.Clock.GetTimestamp();
        using (var slot = await parts.Slots.EnterAsync(queue, isBounded: false, CancellationToken.None))
        {
            slot.Run(parts.Writer.Open());
            CommitGroup(intake, slot);
            slot.Stop();
        }

        if (_commit.Succeeded.Count == 0) return;
        try
        {
            if (durability == Durability.Replicated) await parts.Shipping.ShipAsync();
            else parts.MarkUnshipped();
            RequireUnfenced();
        }
        catch (ApiException)
        {
            foreach (var operation in _commit.Succeeded)
                if (operation.Changes is { } changes) _late.Add(changes);
            throw;
        }

        var took = parts.Clock.GetElapsedTime(started);
        intake.Answered(_group.Count, took);
        Acknowledge();
        parts.Metrics.GroupCommitted(_commit.Succeeded.Count, took.TotalSeconds);
    }

    private void Acknowledge()
    {
        foreach (var operation in _commit.Succeeded)
        {
            operation.Complete();
            if (operation.HasRemovedFiles) filesRemoved();
        }

        foreach (var operation in _commit.Succeeded)
            if (operation.Changes is { } changes) parts.Feed.Publish(changes);
    }

    /// <summary>
    /// Refuses a group before it runs when object storage is behind: in replicated durability by anything at all, in
    /// local durability by the backlog's limit. A write refused here is certainly absent.
    /// </summary>
    private async ValueTask RequireRoomAsync()
    {
        if (parts.Shipping.OldestUnshipped == 0) return;
        if (durability == Durability.Local && parts.Shipping.UnshippedBytes < options.UnshippedBytesMax) return;
        try
        {
            await parts.Shipping.ShipAsync();
        }
        catch (ApiException late)
        {
            throw new ApiException(
                503, "Object storage is not reachable and the tenant takes no more writes; nothing was written.",
                cause: late)
            { RetryAfterSeconds = 2 };
        }
    }

    private void CommitGroup(GroupIntake intake, Slot slot)
    {
        try
        {
            _schema = _commit.Run(_group, _schema);
        }
        catch (DatabaseException failure) when (Refusal(failure, slot) is not null)
        {
            // SQLite may have undone the whole transaction for one command that was too slow or too large.
            if (_group.Count == 1) FailGroup(Refusal(failure, slot)!);
            else CommitOneByOne(intake, slot);
        }

        if (_commit.Succeeded.Count > 0) parts.Shipping.Committed();
    }

    /// <summary>
    /// After a group failed as a whole: each command alone, so that the culprit fails and the others do not.
    /// They become durable together, by one ship.
    /// </summary>
    private void CommitOneByOne(GroupIntake intake, Slot slot)
    {
        var succeeded = new List<WriteOperation>();
        foreach (var operation in _group)
        {
            if (operation.IsAnswered || intake.HasWaitedTooLong(operation)) continue;
            _single.Clear();
            _single.Add(operation);
            try
            {
                parts.Slots.Restart(parts.Writer.Open());
                _schema = _commit.Run(_single, _schema);
                succeeded.AddRange(_commit.Succeeded);
            }
            catch (DatabaseException failure) when (Refusal(failure, slot) is { } refusal)
            {
                operation.Fail(refusal);
            }
        }

        _commit.Keep(succeeded);
    }

    /// <summary>The answer to a write that went past a limit; null for any other failure.</summary>
    private ApiException? Refusal(DatabaseException failure, Slot slot)
    {
        if (failure.IsOutOfMemory || (failure.IsInterrupted && slot.IsStoppedForMemory))
            return Late("The write took too much memory and was undone.", failure, 1);
        if (failure.IsInterrupted) return Late("The write took too long and was undone.", failure, 1);
        if (!failure.IsFull) return null;
        return parts.Writer.IsDiskFull
            ? Late("The node's disk is full; nothing was written.", failure, DiskFullRetrySeconds)
            : new ApiException(507, "The storage limit is reached; nothing was written.", cause: failure);
    }

    private static ApiException Late(string message, DatabaseException failure, int retryAfterSeconds) =>
        new(503, message, cause: failure) { RetryAfterSeconds = retryAfterSeconds };

    private void RequireUnfenced()
    {
        if (_fence is { } fence) throw fence;
        if (!parts.MayAcknowledge())
            throw ApiException.Unavailable("The node has lost contact with its cluster.", retryAfterSeconds: 1);
    }

    private void FailGroup(ApiException refusal)
    {
        foreach (var operation in _group)
            if (!operation.IsAnswered) operation.Fail(refusal);
    }
}
