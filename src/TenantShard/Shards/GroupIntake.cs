using System.Threading.Channels;
using Platform.Messages.Tenants;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Hosting;

namespace Platform.TenantShard.Shards;

/// <summary>Takes groups of writes out of the mailbox, and leaves aside what is not to be run any more.</summary>
internal sealed class GroupIntake(
    ChannelReader<WriteOperation> mailbox, ShardMetrics metrics, TimeProvider clock, ShardHostOptions options,
    Durability durability) : IDisposable
{
    private readonly GroupGathering _gathering = new(options, clock);

    /// <summary>Whether the shard was asked to rest since the last group.</summary>
    public bool IsAskedToRest { get; private set; }

    /// <summary>
    /// Fills <paramref name="group"/> with what is queued, and with what is about to be where that saves waiting.
    /// </summary>
    public async ValueTask TakeAsync(List<WriteOperation> group)
    {
        group.Clear();
        IsAskedToRest = false;
        Take(group);
        // In local durability a group waits for nothing that a larger one would share.
        if (durability == Durability.Local || group.Count == 0 || group.Count >= _gathering.Expected) return;
        _gathering.Begin();
        while (group.Count < _gathering.Expected && !IsAskedToRest && await _gathering.WaitAsync(mailbox)) Take(group);
        _gathering.End(group.Count >= _gathering.Expected);
    }

    /// <summary>Says that a group was answered, as a measure for the next one.</summary>
    public void Answered(int writers, TimeSpan stored) => _gathering.Answered(writers, mailbox.Count, stored);

    /// <summary>Answers a write that has waited past its deadline; false for any other.</summary>
    public bool HasWaitedTooLong(WriteOperation operation)
    {
        if (clock.GetElapsedTime(operation.Enqueued) < options.WriteDeadline) return false;
        metrics.WriteRefused("waited-too-long");
        operation.Fail(ApiException.Unavailable("The write waited too long and was not started.", 2));
        return true;
    }

    public void Dispose() => _gathering.Dispose();

    private void Take(List<WriteOperation> group)
    {
        while (group.Count < options.GroupCommandsMax && mailbox.TryRead(out var operation))
        {
            if (operation is RestOperation rest)
            {
                rest.Taken();
                IsAskedToRest = true;
            }
            else if (operation.IsAbandoned)
            {
                operation.Fail(new OperationCanceledException());
            }
            else if (!HasWaitedTooLong(operation))
            {
                group.Add(operation);
            }
        }
    }
}
