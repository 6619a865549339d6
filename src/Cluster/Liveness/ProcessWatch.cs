using System.Net;
using Microsoft.Extensions.Logging;
using Platform.Cluster.Configuration.Options;
using Platform.Cluster.Store;

namespace Platform.Cluster.Liveness;

/// <summary>
/// Notices that a process is dead before its lease ends, by positive evidence only:
/// <list type="number">
/// <item>A connection to this very life of the process was open, and broke without a farewell.</item>
/// <item>New connections to the same address are refused, several times in a row: the machine answers that nobody listens.
/// One that is accepted, or not answered, begins the count anew.</item>
/// <item>The process has not written its entry since the first refusal.</item>
/// <item>This process still sees at least as many others as it suspects.</item>
/// </list>
/// Silence is no evidence: frozen processes and cut networks wait for the lease.
/// </summary>
internal sealed partial class ProcessWatch(
    WatchClient client, Surroundings surroundings, ILossDecision decision, WatchOptions options, LivenessMetrics metrics,
    TimeProvider time, ILogger<ProcessWatch> logger)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// After the connection broke. A process that dies may take connections for a moment longer; what is refused much later
    /// has another reason.
    /// </summary>
    private static readonly TimeSpan SuspicionMax = TimeSpan.FromSeconds(2);

    /// <summary>Until it is cancelled, which its owner does when the process's entry is gone or another's.</summary>
    public async Task RunAsync(WatchedProcess process, CancellationToken stopping)
    {
        IPEndPoint? suspected = null;
        var since = 0L;
        try
        {
            while (true)
            {
                var (end, address) = await client.FollowAsync(process, stopping);
                if (end != WatchEnd.NotBegun) (suspected, since) = (end == WatchEnd.Broken ? address : null, time.GetTimestamp());
                if (time.GetElapsedTime(since) > SuspicionMax) suspected = null;
                if (await TryDecideAsync(process, end, suspected, stopping)) return;
                await Task.Delay(suspected is null ? RetryDelay : options.Interval, time, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Nobody needs to know any more.
        }
    }

    /// <summary>True when the process's entry was ended, so that there is nothing left to watch.</summary>
    private async Task<bool> TryDecideAsync(
        WatchedProcess process, WatchEnd end, IPEndPoint? suspected, CancellationToken stopping)
    {
        try
        {
            if (end == WatchEnd.Succeeded && decision.EndsWithSuccessor) return await EndSucceededAsync(process, stopping);
            if (suspected is null) return false;
            surroundings.BeginSuspecting();
            try
            {
                return await TryProveAsync(process, suspected, stopping);
            }
            finally
            {
                surroundings.EndSuspecting();
            }
        }
        catch (ClusterStoreException failure)
        {
            LogUndecided(process.Node, failure.Message);
            return false;
        }
    }

    private async Task<bool> TryProveAsync(WatchedProcess process, IPEndPoint address, CancellationToken stopping)
    {
        StoreEntry? found = null;
        for (var refusals = 1; await RefusalProbe.IsRefusedAsync(address, stopping); refusals++)
        {
            found ??= await decision.FindAsync(process, stopping);
            if (found is null) return false;
            if (refusals >= options.Refusals && decision.IsOurs && surroundings.IsWitness)
                return await TryEndAsync(process, found, $"its internal listener {address} refuses connections", stopping);
            await Task.Delay(options.Interval, time, stopping);
        }

        return false;
    }

    private async Task<bool> EndSucceededAsync(WatchedProcess process, CancellationToken stopping) =>
        await decision.FindAsync(process, stopping) is { } found
        && await TryEndAsync(process, found, "the process was started anew", stopping);

    private async Task<bool> TryEndAsync(
        WatchedProcess process, StoreEntry found, string reason, CancellationToken stopping)
    {
        var isEnded = await decision.TryEndAsync(process, found, reason, stopping);
        metrics.Decided(isEnded);
        if (!isEnded) LogDisproved(process.Node);
        return isEnded;
    }

    [LoggerMessage(3156, LogLevel.Warning,
        "Node {NodeId} looks dead, but its entry could not be ended; its lease decides: {Reason}")]
    private partial void LogUndecided(string nodeId, string reason);

    [LoggerMessage(3157, LogLevel.Warning,
        "Node {NodeId} looked dead, but its entry has changed meanwhile; its lease decides")]
    private partial void LogDisproved(string nodeId);
}
