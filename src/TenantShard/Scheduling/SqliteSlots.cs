using Platform.TenantShard.Database;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Scheduling;

/// <summary>
/// The node's SQLite concurrency: as many statements run at once as there are slots, over all shards. When all are
/// taken, shards wait in turns: a freed slot goes to the next shard in the ring, not to the next request, so that a
/// tenant with a thousand queued queries delays its neighbours by one query each. No shard runs in more than half of the slots,
/// so that one tenant's slow queries leave room for the others.
/// </summary>
internal sealed class SqliteSlots
{
    private readonly Lock _gate = new();
    private readonly Slot?[] _running;
    private readonly Stack<Slot> _free;
    private readonly LinkedList<SlotQueue> _ring = [];
    private readonly TimeProvider _clock;
    private readonly TimeSpan _deadline;
    private readonly int _waitersPerShardMax;
    private readonly int _runningPerShardMax;

    /// <param name="count">Slots; at least 1.</param>
    /// <param name="waitersPerShardMax">Requests of one shard that may wait; one more is refused with 503.</param>
    /// <param name="deadline">How long one turn may run statements before it is interrupted.</param>
    /// <param name="clock">For the deadline.</param>
    public SqliteSlots(int count, int waitersPerShardMax, TimeSpan deadline, TimeProvider clock)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        _running = new Slot?[count];
        _free = new Stack<Slot>(count);
        for (var index = 0; index < count; index++) _free.Push(new Slot(this, index));
        _waitersPerShardMax = waitersPerShardMax;
        _runningPerShardMax = Math.Max(1, count / 2);
        _deadline = deadline;
        _clock = clock;
    }

    public int Count => _running.Length;

    /// <summary>
    /// Waits for a slot. Completes synchronously while one is free, which is the usual case. A drain waits unbounded
    /// by the number of waiters: it is one per shard.
    /// </summary>
    /// <exception cref="ApiException">503: too many requests of this shard wait already.</exception>
    public ValueTask<Slot> EnterAsync(SlotQueue queue, bool isBounded, CancellationToken cancellationToken)
    {
        TaskCompletionSource<Slot> waiter;
        lock (_gate)
        {
            if (queue.Running < _runningPerShardMax && _free.TryPop(out var slot))
                return ValueTask.FromResult(Grant(slot, queue));
            if (isBounded && queue.Waiters.Count >= _waitersPerShardMax)
                throw ApiException.Unavailable("The tenant has too many requests waiting.", retryAfterSeconds: 1);
            waiter = new TaskCompletionSource<Slot>(TaskCreationOptions.RunContinuationsAsynchronously);
            queue.Waiters.Enqueue(waiter);
            if (queue.Waiters.Count == 1) _ring.AddLast(queue);
        }

        return WaitAsync(waiter, cancellationToken);
    }

    /// <summary>
    /// Interrupts every turn that is past its deadline. Called a few times a second by the node's one watchdog, which
    /// costs less than a progress callback in every statement.
    /// </summary>
    /// <returns>How many were interrupted.</returns>
    public int InterruptOverdue()
    {
        var now = _clock.GetTimestamp();
        var interrupted = 0;
        lock (_gate)
        {
            foreach (var slot in _running)
            {
                // Under the gate a running slot's connection cannot be closed or handed on: End takes the gate too.
                if (slot?.Connection is not { } connection) continue;
                if (_clock.GetElapsedTime(slot.Started, now) < _deadline) continue;
                connection.Interrupt();
                interrupted++;
            }
        }

        return interrupted;
    }

    /// <summary>Interrupts the turn that has run longest, because memory is short.</summary>
    /// <returns>How many were interrupted.</returns>
    public int InterruptLongest()
    {
        lock (_gate)
        {
            Slot? longest = null;
            foreach (var slot in _running)
                if (slot?.Connection is not null && (longest is null || slot.Started < longest.Started)) longest = slot;
            if (longest is null) return 0;
            longest.IsStoppedForMemory = true;
            longest.Connection!.Interrupt();
            return 1;
        }
    }

    internal void Begin(Slot slot, DatabaseConnection connection)
    {
        lock (_gate)
        {
            slot.IsStoppedForMemory = false;
            slot.Connection = connection;
            slot.Started = _clock.GetTimestamp();
            slot.Began ??= slot.Started;
            _running[slot.Index] = slot;
        }
    }

    /// <summary>Gives the turn that runs on this connection a new deadline.</summary>
    public void Restart(DatabaseConnection connection)
    {
        lock (_gate)
        {
            foreach (var slot in _running)
            {
                if (slot?.Connection != connection) continue;
                slot.Started = _clock.GetTimestamp();
                slot.IsStoppedForMemory = false;
            }
        }
    }

    internal void Stop(Slot slot)
    {
        lock (_gate)
        {
            slot.Connection = null;
            _running[slot.Index] = null;
        }
    }

    internal void End(Slot slot)
    {
        var now = _clock.GetTimestamp();
        while (true)
        {
            TaskCompletionSource<Slot> waiter;
            lock (_gate)
            {
                slot.Connection = null;
                _running[slot.Index] = null;
                slot.Owner!.Running--;
                if (slot.Began is { } began) slot.Owner.Ran(_clock.GetElapsedTime(began, now));
                slot.Began = null;
                if (NextQueue() is not { } queue)
                {
                    slot.Owner = null;
                    _free.Push(slot);
                    return;
                }

                waiter = queue.Waiters.Dequeue();
                if (queue.Waiters.Count > 0) _ring.AddLast(queue);
                Grant(slot, queue);
            }

            // A waiter that was cancelled meanwhile does not take the slot; the next one gets it.
            if (waiter.TrySetResult(slot)) return;
        }
    }

    private static Slot Grant(Slot slot, SlotQueue queue)
    {
        queue.Running++;
        slot.Owner = queue;
        return slot;
    }

    /// <summary>Takes the first shard in the ring that may run one more turn out of it.</summary>
    private SlotQueue? NextQueue()
    {
        for (var node = _ring.First; node is not null; node = node.Next)
        {
            if (node.Value.Running >= _runningPerShardMax) continue;
            _ring.Remove(node);
            return node.Value;
        }

        return null;
    }

    private static async ValueTask<Slot> WaitAsync(
        TaskCompletionSource<Slot> waiter, CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((TaskCompletionSource<Slot>)state!).TrySetCanceled(token), waiter);
        return await waiter.Task;
    }
}
