using Platform.Messages.Identity;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Events;

namespace Platform.TenantShard.Shards;

/// <summary>A tenant's database as its features see it: parallel reads, and writes through the mailbox.</summary>
internal interface IShard
{
    TenantId Tenant { get; }

    /// <summary>The newest committed schema.</summary>
    SchemaSnapshot Schema { get; }

    TimeProvider Clock { get; }

    /// <summary>What durable commands have done to records.</summary>
    RecordFeed Feed { get; }

    /// <summary>
    /// Lets the shard be closed while a request only waits for events. Whoever rests has another way to learn of the
    /// end, and disposes the result before the request leaves.
    /// </summary>
    IDisposable Rest();

    /// <summary>
    /// Runs <paramref name="query"/> on a reader connection, within the node's SQLite slots and the statement
    /// deadline. The delegate should be static and get all it needs as <paramref name="state"/>; it must not keep
    /// the scope, a statement or a span.
    /// </summary>
    /// <exception cref="Errors.ApiException">503 when the queue is full or the deadline passed.</exception>
    ValueTask<TResult> ReadAsync<TState, TResult>(
        TState state, Func<ReadScope, TState, TResult> query, CancellationToken cancellationToken);

    /// <summary>
    /// Queues the command and completes when its group is durable in the tenant's durability mode. After the command
    /// is taken from the queue it runs to its end even when <paramref name="cancellationToken"/> is cancelled.
    /// </summary>
    /// <exception cref="Errors.ApiException">
    /// The command's own refusal; 503 when the mailbox is full, or when the group could not be made durable within
    /// the write deadline: then the write may be present or absent, and never half.
    /// </exception>
    ValueTask<TResult> WriteAsync<TResult>(WriteCommand<TResult> command, CancellationToken cancellationToken);
}
