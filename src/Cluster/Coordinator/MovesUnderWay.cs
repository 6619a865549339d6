using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Platform.Cluster.Coordinator.Placement;
using Platform.Cluster.Membership;
using Platform.Cluster.Store;
using Platform.Messages.Identity;

namespace Platform.Cluster.Coordinator;

/// <summary>Moves that run beside the coordinator's loop: a slow one must not delay the tenants of a lost node.</summary>
/// <param name="mover">Does them.</param>
/// <param name="view">Counts them among the decisions that no heartbeat shows yet.</param>
/// <param name="metrics">Counts them.</param>
/// <param name="movesMax">At once.</param>
/// <param name="ended">Told after each, so that the next is begun without delay.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed partial class MovesUnderWay(
    ITenantMover mover, PlacementView view, CoordinatorMetrics metrics, int movesMax, Action ended, TimeProvider time,
    ILogger<MovesUnderWay> logger)
{
    /// <summary>A tenant that was moved stays for this long, unless its node is lost or drained.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(10);

    /// <summary>A tenant that could not be moved is left alone by plans for this long.</summary>
    private static readonly TimeSpan FailedRest = TimeSpan.FromSeconds(2);

    /// <summary>
    /// After a move its nodes are left alone by rebalancing for this long: three heartbeats, until they show what the move has
    /// changed.
    /// </summary>
    private static readonly TimeSpan Settling = NodeSampler.Interval * 3;

    /// <summary>Most moves that are remembered for their rest.</summary>
    private const int RestingMax = 10_000;

    private readonly ConcurrentDictionary<TenantId, Task<MoveOutcome>> _running = new();
    private readonly ConcurrentDictionary<TenantId, PlannedMove> _plans = new();
    private readonly ConcurrentDictionary<string, long> _touched = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<TenantId, long> _moved = new();
    private readonly ConcurrentDictionary<TenantId, long> _failed = new();

    /// <summary>How many more may begin.</summary>
    public int Room => Math.Max(0, movesMax - _running.Count);

    /// <summary>True while the tenant moves.</summary>
    public bool Contains(TenantId tenant) => _running.ContainsKey(tenant);

    /// <summary>True when a plan must not count on the tenant: it moves, or could not be moved just now.</summary>
    public bool IsBusy(TenantId tenant) =>
        _running.ContainsKey(tenant)
        || (_failed.TryGetValue(tenant, out var failed) && time.GetElapsedTime(failed) < FailedRest);

    public bool IsResting(TenantId tenant) =>
        IsBusy(tenant) || (_moved.TryGetValue(tenant, out var moved) && time.GetElapsedTime(moved) < Rest);

    /// <summary>True when all loads show what has been moved.</summary>
    public bool AreSettled => _plans.IsEmpty && _touched.Values.All(touched => time.GetElapsedTime(touched) >= Settling);

    /// <summary>False while a node's load does not show yet what has been moved.</summary>
    public bool IsSettled(string node) =>
        !_plans.Values.Any(move => move.From == node || move.To == node)
        && !(_touched.TryGetValue(node, out var touched) && time.GetElapsedTime(touched) < Settling);

    /// <summary>
    /// Begins a move; null when one of this tenant is under way. The task never fails, and is waited for when the office
    /// ends.
    /// </summary>
    public Task<MoveOutcome>? BeginAsync(CoordinatorTerm term, PlannedMove move, string reason)
    {
        var begun = new TaskCompletionSource<MoveOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_running.TryAdd(move.Tenant, begun.Task)) return null;
        _plans[move.Tenant] = move;
        view.Decided(move.To, 1);
        if (move.From.Length > 0) view.Decided(move.From, -1);
        var running = _running[move.Tenant] = RunAsync();
        begun.SetResult(MoveOutcome.Stayed(MoveStep.Plan, ""));
        return running;

        async Task<MoveOutcome> RunAsync()
        {
            await begun.Task;
            try
            {
                return await MoveAsync(term, move, reason);
            }
            finally
            {
                _touched[move.From] = _touched[move.To] = time.GetTimestamp();
                _plans.TryRemove(move.Tenant, out _);
                _running.TryRemove(move.Tenant, out _);
                ended();
            }
        }
    }

    /// <summary>Waits for those that run; their token has ended.</summary>
    public async Task EndAsync()
    {
        while (_running.Values.FirstOrDefault() is { } running) await running;
    }

    private async Task<MoveOutcome> MoveAsync(CoordinatorTerm term, PlannedMove move, string reason)
    {
        try
        {
            var outcome = await mover.MoveAsync(term, move, reason, term.Over);
            Remember(outcome.IsDone ? _moved : _failed, move.Tenant);
            if (!outcome.IsDone) return outcome;
            metrics.Moved(reason, 1);
            LogMoved(move.Tenant.Value, move.From, move.To, reason, outcome.Total.TotalMilliseconds);
            return outcome;
        }
        catch (OperationCanceledException) when (term.Over.IsCancellationRequested)
        {
            // The tenant is where its route says.
            return MoveOutcome.Stayed(MoveStep.Plan, "the coordinator's time in office has ended");
        }
        catch (Exception failure) when (failure is ClusterStoreException or CoordinatorReplacedException)
        {
            Remember(_failed, move.Tenant);
            LogNotMoved(move.Tenant.Value, move.From, move.To, failure.Message);
            return MoveOutcome.Stayed(MoveStep.Route, failure.Message);
        }
    }

    private void Remember(ConcurrentDictionary<TenantId, long> where, TenantId tenant)
    {
        if (where.Count >= RestingMax) where.Clear();
        where[tenant] = time.GetTimestamp();
    }

    [LoggerMessage(3132, LogLevel.Information,
        "Tenant {TenantId} moved from {From} to {To} ({Reason}, {Milliseconds:0} ms)")]
    private partial void LogMoved(string tenantId, string from, string to, string reason, double milliseconds);

    [LoggerMessage(3133, LogLevel.Warning, "Tenant {TenantId} was not moved from {From} to {To}: {Reason}")]
    private partial void LogNotMoved(string tenantId, string from, string to, string reason);
}
