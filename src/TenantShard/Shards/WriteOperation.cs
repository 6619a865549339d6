using Platform.TenantShard.Events;

namespace Platform.TenantShard.Shards;

/// <summary>A queued write, whatever its result: what the mailbox holds.</summary>
internal abstract class WriteOperation(long enqueued, CancellationToken cancellationToken)
{
    /// <summary>When it was queued, as a timestamp of the shard's clock.</summary>
    public long Enqueued { get; } = enqueued;

    /// <summary>True once its client has gone: then it need not run at all.</summary>
    public bool IsAbandoned => cancellationToken.IsCancellationRequested;

    /// <summary>What <see cref="WriteScope.HasRemovedFiles"/> says after the command.</summary>
    public bool HasRemovedFiles { get; protected set; }

    /// <summary>What the command did to records, to be published once it is durable.</summary>
    public RecordChanges? Changes { get; set; }

    /// <summary>Runs the command and keeps its result until the group is durable.</summary>
    public abstract void Execute(WriteScope scope);

    /// <summary>Answers the client with the kept result.</summary>
    public abstract void Complete();

    /// <summary>Answers the client with a failure; nothing of the command remains, or its fate is said.</summary>
    public abstract void Fail(Exception exception);

    /// <summary>True once the client has its answer; such an operation is never run again.</summary>
    public abstract bool IsAnswered { get; }
}
