using Platform.Messages.Identity;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Auth;

/// <summary>
/// Who may compute a password hash. When all places are taken, tenants wait in turns: a free place goes to the next tenant, not
/// to the next login, so that one under a flood of logins delays its neighbours by one hash each.
/// </summary>
/// <param name="places">Hashes at the same time.</param>
/// <param name="waitingMax">Logins of one tenant that may wait.</param>
internal sealed class PasswordTurns(int places, int waitingMax)
{
    /// <summary>All tenants together may have this many times more waiting than one.</summary>
    private const int TenantsMax = 16;

    private readonly Lock _gate = new();
    private readonly Dictionary<TenantId, Queue<TaskCompletionSource>> _waiting = [];
    private readonly Queue<TenantId> _ring = new();
    private int _free = places;
    private int _waitingCount;

    /// <summary>Waits for a place, which <see cref="Leave"/> gives back.</summary>
    /// <exception cref="ApiException">429 when too many are waiting.</exception>
    public Task EnterAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        TaskCompletionSource waiter;
        lock (_gate)
        {
            if (_free > 0)
            {
                _free--;
                return Task.CompletedTask;
            }

            var isFirst = !_waiting.TryGetValue(tenant, out var queue);
            if (queue?.Count >= waitingMax || _waitingCount >= (long)waitingMax * TenantsMax)
                throw new ApiException(429, "Too many logins at the same time.") { RetryAfterSeconds = 1 };
            if (isFirst)
            {
                _waiting.Add(tenant, queue = new Queue<TaskCompletionSource>());
                _ring.Enqueue(tenant);
            }

            waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            queue!.Enqueue(waiter);
            _waitingCount++;
        }

        return WaitAsync(waiter, cancellationToken);
    }

    public void Leave()
    {
        while (true)
        {
            TaskCompletionSource waiter;
            lock (_gate)
            {
                if (!_ring.TryDequeue(out var tenant))
                {
                    _free++;
                    return;
                }

                var queue = _waiting[tenant];
                waiter = queue.Dequeue();
                _waitingCount--;
                if (queue.Count > 0) _ring.Enqueue(tenant);
                else _waiting.Remove(tenant);
            }

            // One that was cancelled meanwhile does not take the place; the next one gets it.
            if (waiter.TrySetResult()) return;
        }
    }

    private static async Task WaitAsync(TaskCompletionSource waiter, CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), waiter);
        await waiter.Task;
    }
}
