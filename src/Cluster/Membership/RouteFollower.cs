using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Platform.Cluster.Tenants;
using Platform.Messages.Identity;

namespace Platform.Cluster.Membership;

/// <summary>
/// Makes what is open follow the routes: a tenant that went to another node is closed, one that came from a lost node
/// where it was in use is opened before anybody asks.
/// </summary>
internal sealed partial class RouteFollower(
    RouteMap routes, ShardTenants tenants, LocalNode node, TimeProvider time, ILogger<RouteFollower> logger)
{
    /// <summary>Tenants that are opened or closed at once.</summary>
    private const int Parallelism = 16;

    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<TenantId, byte> _wanted = new();
    private readonly ChangeSignal _changed = new();

    public async Task RunAsync(CancellationToken stopping)
    {
        routes.Changed += Told;
        try
        {
            while (true)
            {
                await _changed.WaitAsync(LookInterval, time, stopping);
                await CloseOthersAsync(stopping);
                await OpenWantedAsync(stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopped.
        }
        finally
        {
            routes.Changed -= Told;
        }
    }

    /// <summary>Closes everything, because the node is no member any more.</summary>
    public Task CloseAllAsync() => CloseAsync(tenants.Open, CancellationToken.None);

    private void Told(ShardRoute? before, ShardRoute? after)
    {
        var isOurs = after?.Node == node.Id;
        if (isOurs && after!.Document.Activate && before?.Node != node.Id && _wanted.Count < tenants.Status.ActiveMax)
            _wanted.TryAdd(after.Tenant, 0);
        if (isOurs || before?.Node == node.Id) _changed.Raise();
    }

    private Task CloseOthersAsync(CancellationToken stopping) => CloseAsync(
        tenants.Open.Where(tenant => !routes.TryFind(tenant, out var route) || route.Node != node.Id), stopping);

    private Task CloseAsync(IEnumerable<TenantId> which, CancellationToken stopping) => Parallel.ForEachAsync(
        which.ToList(),
        new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = stopping },
        async (tenant, _) => await tenants.EvictAsync(tenant));

    private async Task OpenWantedAsync(CancellationToken stopping)
    {
        var wanted = _wanted.Keys.ToList();
        if (wanted.Count == 0) return;
        var started = time.GetTimestamp();
        var opened = 0;
        await Parallel.ForEachAsync(
            wanted,
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = stopping },
            async (tenant, token) =>
            {
                _wanted.TryRemove(tenant, out _);
                if (await tenants.TryOpenAsync(tenant, token)) Interlocked.Increment(ref opened);
            });
        LogOpened(opened, wanted.Count, time.GetElapsedTime(started).TotalMilliseconds);
    }

    [LoggerMessage(3117, LogLevel.Information,
        "{Opened} of {Count} tenants of lost nodes are open here ({Milliseconds:0} ms)")]
    private partial void LogOpened(int opened, int count, double milliseconds);
}
