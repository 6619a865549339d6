using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Platform.Cluster.Coordinator.Placement;
using Platform.Cluster.Store;
using Platform.Messages.Identity;

namespace Platform.Cluster.Coordinator;

/// <summary>Moves that run beside the coordinator's loop: a slow one must not delay the tenants of a lost node.</summary>
internal sealed partial class MovesUnderWay(
    ITenantMover mover, CoordinatorMetrics metrics, int movesMax, TimeProvider time, ILogger<MovesUnderWay> logger)
{
    /// <summary>A tenant that was moved stays for this long, unless its node is lost or drained.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(10);

    /// <summary>Most moves that are remembered for their rest.</summary>
    private const int RestingMax = 10_000;

    private readonly ConcurrentDictionary<TenantId, Task> _running = new();
    private readonly ConcurrentDictionary<TenantId, long> _moved = new();

    /// <summary>How many more may begin.</summary>
    public int Room => Math.Max(0, movesMax - _running.Count);

    public bool Contains(TenantId tenant) => _running.ContainsKey(tenant);

    public bool IsResting(TenantId tenant) =>
        _running.ContainsKey(tenant)
        || (_moved.TryGetValue(tenant, out var moved) && time.GetElapsedTime(moved) < Rest);

    public void Begin(CoordinatorTerm term, PlannedMove move, string reason, CancellationToken over)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_running.TryAdd(move.Tenant, begun.Task)) return;
        _running[move.Tenant] = RunAsync();
        begun.SetResult();

        async Task RunAsync()
        {
            await begun.Task;
            try
            {
                await MoveAsync(term, move, reason, over);
            }
            finally
            {
                _running.TryRemove(move.Tenant, out _);
            }
        }
    }

    /// <summary>Waits for those that run; their token has ended.</summary>
    public async Task EndAsync()
    {
        while (_running.Values.FirstOrDefault() is { } running) await running;
    }

    private async Task MoveAsync(CoordinatorTerm term, PlannedMove move, string reason, CancellationToken over)
    {
        try
        {
            if (!await mover.MoveAsync(term, move, reason, over)) return;
            if (_moved.Count >= RestingMax) _moved.Clear();
            _moved[move.Tenant] = time.GetTimestamp();
            metrics.Moved(reason, 1);
            LogMoved(move.Tenant.Value, move.From, move.To, reason);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The office is over; the tenant is where its route says.
        }
        catch (Exception failure) when (failure is ClusterStoreException or CoordinatorReplacedException)
        {
            LogNotMoved(move.Tenant.Value, move.From, move.To, failure.Message);
        }
    }

    [LoggerMessage(3132, LogLevel.Information, "Tenant {TenantId} moved from {From} to {To} ({Reason})")]
    private partial void LogMoved(string tenantId, string from, string to, string reason);

    [LoggerMessage(3133, LogLevel.Warning, "Tenant {TenantId} was not moved from {From} to {To}: {Reason}")]
    private partial void LogNotMoved(string tenantId, string from, string to, string reason);
}
