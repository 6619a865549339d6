using System.Collections.Frozen;

namespace Platform.TenantShard.Lifecycle;

/// <summary>The lifecycle as one table: which state may follow which. Thread safe.</summary>
internal sealed class ShardLifecycle
{
    private static readonly FrozenSet<(ShardState From, ShardState To)> Transitions = new[]
    {
        (ShardState.Deploying, ShardState.Active),
        (ShardState.Deploying, ShardState.Fenced),
        (ShardState.Deploying, ShardState.Faulted),
        (ShardState.Active, ShardState.Idle),
        (ShardState.Idle, ShardState.Active),
        (ShardState.Active, ShardState.Draining),
        (ShardState.Idle, ShardState.Draining),
        (ShardState.Draining, ShardState.Evicted),
        (ShardState.Active, ShardState.Fenced),
        (ShardState.Idle, ShardState.Fenced),
        (ShardState.Draining, ShardState.Fenced),
        (ShardState.Active, ShardState.Faulted),
        (ShardState.Idle, ShardState.Faulted),
        (ShardState.Draining, ShardState.Faulted),
    }.ToFrozenSet();

    private int _state = (int)ShardState.Deploying;

    public ShardState State => (ShardState)Volatile.Read(ref _state);

    /// <summary>Moves to <paramref name="next"/> if the table allows it from the present state; else false.</summary>
    public bool TryMove(ShardState next)
    {
        while (true)
        {
            var present = State;
            if (!Transitions.Contains((present, next))) return false;
            if (Interlocked.CompareExchange(ref _state, (int)next, (int)present) == (int)present) return true;
        }
    }
}
