namespace Platform.TenantShard.Shards;

/// <summary>
/// Asks the drain, in its turn, to close the shard's files if there is nothing else to do. Writes nothing, and is in the
/// mailbox once at most.
/// </summary>
internal sealed class RestOperation() : WriteOperation(enqueued: 0, CancellationToken.None)
{
    private int _isQueued;

    public override bool IsAnswered => true;

    /// <summary>False when it is in the mailbox already.</summary>
    public bool TryQueue() => Interlocked.Exchange(ref _isQueued, 1) == 0;

    /// <summary>It is not in the mailbox any more.</summary>
    public void Taken() => Volatile.Write(ref _isQueued, 0);

    public override void Execute(WriteScope scope)
    {
    }

    public override void Complete()
    {
    }

    public override void Fail(Exception exception)
    {
    }
}
