using Microsoft.Extensions.Logging;

namespace Platform.Cluster.Membership;

/// <summary>
/// What a node does first when it is asked to stop: it tells the coordinator that it leaves, and serves on until its
/// tenants have moved to other nodes. Bounded; what is left is closed by the node itself.
/// </summary>
internal sealed partial class SelfDrain(
    NodeTable nodes, NodeMembership membership, NodeIdentity identity, Func<int> openTenants, TimeSpan timeout,
    TimeProvider time, ILogger<SelfDrain> logger)
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>More often than usual, because the coordinator moves first what the last heartbeat says is open.</summary>
    private static readonly TimeSpan AnnounceInterval = TimeSpan.FromSeconds(1);

    /// <summary>Returns when no tenant is open here any more, or waiting is of no use.</summary>
    /// <returns>True when the node is empty: it can leave before it closes its listener.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        if (timeout == TimeSpan.Zero) return false;
        var started = time.GetTimestamp();
        identity.IsLeaving = true;
        var count = openTenants();
        var announced = 0L;
        LogBegun(identity.Id, count, timeout.TotalSeconds);
        while (true)
        {
            if (announced == 0 || time.GetElapsedTime(announced) >= AnnounceInterval)
            {
                if (!await membership.TryAnnounceAsync(cancellationToken) && !membership.IsServing) return false;
                announced = time.GetTimestamp();
            }

            var left = openTenants();
            if (left == 0)
            {
                LogEmpty(identity.Id, count, time.GetElapsedTime(started).TotalMilliseconds);
                return true;
            }

            if (!nodes.Nodes.Values.Any(node => node.Id != identity.Id && node.CanTakeTenants))
            {
                LogLast(identity.Id, left);
                return false;
            }

            if (time.GetElapsedTime(started) >= timeout)
            {
                LogLate(identity.Id, left, timeout.TotalSeconds);
                return false;
            }

            await Task.Delay(LookInterval, time, cancellationToken);
        }
    }

    [LoggerMessage(3118, LogLevel.Information,
        "Node {NodeId} was asked to stop: its {Count} open tenants move to other nodes first ({Seconds} s at most)")]
    private partial void LogBegun(string nodeId, int count, double seconds);

    [LoggerMessage(3119, LogLevel.Information, "Node {NodeId} is empty: {Count} tenants moved ({Milliseconds:0} ms)")]
    private partial void LogEmpty(string nodeId, int count, double milliseconds);

    [LoggerMessage(3128, LogLevel.Warning,
        "Node {NodeId} is the last that can have tenants: its {Count} open ones are closed and wait for a node")]
    private partial void LogLast(string nodeId, int count);

    [LoggerMessage(3129, LogLevel.Warning,
        "Node {NodeId} still has {Count} open tenants after {Seconds} s; it closes them (platform.tenant-node.drain-timeout)")]
    private partial void LogLate(string nodeId, int count, double seconds);
}
