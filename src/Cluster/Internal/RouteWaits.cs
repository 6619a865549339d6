using Platform.Cluster.Membership;
using Platform.Messages.Identity;

namespace Platform.Cluster.Internal;

/// <summary>Requests that wait for a tenant's next owner. Costs nothing for tenants that nobody waits for.</summary>
internal sealed class RouteWaits
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TenantId, Waiters> _waiters = [];

    public RouteWaits(RouteMap routes) => routes.Changed += Told;

    /// <summary>Completes when <paramref name="isThere"/>, which is asked after each change of the tenant's route.</summary>
    public async Task WhenAsync(TenantId tenant, Func<bool> isThere, CancellationToken cancellationToken)
    {
        while (true)
        {
            var waiters = Enter(tenant);
            try
            {
                // After the entry, so that a change in between is not missed.
                if (isThere()) return;
                await waiters.Changed.Task.WaitAsync(cancellationToken);
            }
            finally
            {
                Leave(tenant, waiters);
            }
        }
    }

    private Waiters Enter(TenantId tenant)
    {
        lock (_gate)
        {
            if (!_waiters.TryGetValue(tenant, out var waiters)) _waiters[tenant] = waiters = new Waiters();
            waiters.Count++;
            return waiters;
        }
    }

    private void Leave(TenantId tenant, Waiters waiters)
    {
        lock (_gate)
        {
            if (--waiters.Count == 0 && _waiters.GetValueOrDefault(tenant) == waiters) _waiters.Remove(tenant);
        }
    }

    private void Told(ShardRoute? before, ShardRoute? after)
    {
        if (after is null) return;
        Waiters? waiters;
        lock (_gate)
        {
            if (!_waiters.Remove(after.Tenant, out waiters)) return;
        }

        waiters.Changed.SetResult();
    }

    private sealed class Waiters
    {
        public TaskCompletionSource Changed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Count { get; set; }
    }
}
