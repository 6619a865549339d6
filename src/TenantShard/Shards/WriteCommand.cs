namespace Platform.TenantShard.Shards;

/// <summary>
/// A write, queued in the shard's mailbox and run in a savepoint of the group's transaction. Commands are immutable
/// input plus <see cref="Execute"/>; they run on the drain, one after the other, and must not wait for anything.
/// </summary>
/// <typeparam name="TResult">What the client is answered once the group is durable.</typeparam>
internal abstract class WriteCommand<TResult>
{
    /// <summary>
    /// Performs the write. Any exception undoes this command alone: an <see cref="Errors.ApiException"/> is its
    /// answer, a <see cref="Database.DatabaseException"/> of a constraint is for the caller to translate.
    /// </summary>
    public abstract TResult Execute(WriteScope scope);
}
