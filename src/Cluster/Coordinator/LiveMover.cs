using Microsoft.Extensions.Logging;
using Platform.Cluster.Coordinator.Placement;
using Platform.Cluster.Internal;
using Platform.Cluster.Membership;

namespace Platform.Cluster.Coordinator;

/// <summary>
/// Moves a tenant while it is in use:
/// <list type="number">
/// <item>The target <b>prepares</b> a copy from object storage; the owner serves. Fails: nothing has happened.</item>
/// <item>The owner <b>hands off</b>: gateways hold what is new, what is inside finishes, the last group is stored.
/// Fails, or the owner dies: it resumes, or is lost like any node.</item>
/// <item>The <b>route</b> is written, in one transaction with a new epoch. Fails, or the coordinator is replaced: the
/// owner resumes, on its own after a few seconds if need be.</item>
/// <item>The target <b>opens</b>: takes what came since its copy, and serves. Fails, or the target dies: the route goes
/// back with yet another epoch.</item>
/// </list>
/// Whatever was acknowledged is in object storage before the route is written.
/// </summary>
internal sealed partial class LiveMover(
    RouteMap routes, RouteTransactions transactions, NodeCalls calls, TimeSpan prepareTimeout, CoordinatorMetrics metrics,
    TimeProvider time, ILogger<LiveMover> logger) : ITenantMover
{
    /// <summary>A prepared tenant opens in a fraction of a second; a target that does not is given up.</summary>
    private static readonly TimeSpan OpenTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Of the patience of an owner that has handed off: the rest is for the transaction on its way.</summary>
    private static readonly TimeSpan RouteTimeout = NodeTenantEndpoints.HandOffPatience / 2;

    public async Task<MoveOutcome> MoveAsync(
        CoordinatorTerm term, PlannedMove move, string reason, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var epoch = routes.TryFind(move.Tenant, out var route) ? route.Epoch : 0;
        if ((route?.Node ?? "") != move.From) return Failed(move, MoveStep.Plan, "it is not where it was any more");
        if (move.IsActive
            && await calls.PrepareAsync(move.To, move.Tenant, prepareTimeout, cancellationToken) is { Refusal: { } unprepared })
            return Failed(move, MoveStep.Prepare, unprepared);

        var prepared = time.GetTimestamp();
        var (outcome, isOpen) = await HandOverAsync(term, move, reason, epoch, cancellationToken);
        if (!outcome.IsDone) return outcome;
        if ((isOpen || move.IsActive) && await calls.OpenAsync(
            move.To, move.Tenant, outcome.Epoch, OpenTimeout, cancellationToken) is { Refusal: { } unopened })
        {
            await ReturnAsync(term, move, outcome.Epoch, cancellationToken);
            return Failed(move, MoveStep.Open, unopened);
        }

        outcome = outcome with
        {
            Prepare = time.GetElapsedTime(started, prepared),
            Pause = time.GetElapsedTime(prepared),
            Total = time.GetElapsedTime(started),
        };
        metrics.MoveEnded(MoveStep.Done, outcome.Pause);
        return outcome;
    }

    /// <summary>
    /// From the owner's release to the new route. However this ends without the route, the owner is told to go on.
    /// </summary>
    private async Task<(MoveOutcome Outcome, bool WasOpen)> HandOverAsync(
        CoordinatorTerm term, PlannedMove move, string reason, long epoch, CancellationToken cancellationToken)
    {
        var isWritten = false;
        try
        {
            var wasOpen = false;
            if (move.From.Length > 0)
            {
                var (refusal, answer) = await calls.ReleaseAsync(move.From, move.Tenant, epoch, cancellationToken);
                if (refusal is not null) return (Failed(move, MoveStep.HandOff, refusal), false);
                wasOpen = answer?.WasOpen ?? false;
            }

            var written = await WriteAsync(term, move, reason, epoch, move.IsActive || wasOpen, cancellationToken);
            isWritten = written is not null;
            return written is { } route
                ? (new MoveOutcome { Step = MoveStep.Done, Epoch = route.Epoch }, wasOpen)
                : (Failed(move, MoveStep.Route, "its route was changed, or could not be written in time"), false);
        }
        finally
        {
            if (!isWritten && move.From.Length > 0) await calls.ResumeAsync(move.From, move.Tenant, epoch);
        }
    }

    /// <summary>Null: changed by somebody else, or too late for an owner that waits.</summary>
    private async Task<ShardRoute?> WriteAsync(
        CoordinatorTerm term, PlannedMove move, string reason, long epoch, bool isOpen, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(RouteTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            return await transactions.TryWriteAsync(
                term, move.Tenant, epoch,
                new ShardRouteDocument { Node = move.To, Activate = isOpen, Reason = reason }, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>
    /// Back to the former owner, which has the newest copy; a dead one's tenants get other owners by themselves.
    /// </summary>
    private async Task ReturnAsync(
        CoordinatorTerm term, PlannedMove move, long epoch, CancellationToken cancellationToken)
    {
        if (move.From.Length == 0) return;
        var back = new ShardRouteDocument { Node = move.From, Activate = true, Reason = "returned" };
        if (await transactions.TryWriteAsync(term, move.Tenant, epoch, back, cancellationToken) is null) return;
        LogReturned(move.Tenant.Value, move.From, move.To);
    }

    private MoveOutcome Failed(PlannedMove move, MoveStep step, string reason)
    {
        metrics.MoveEnded(step, pause: null);
        LogStayed(move.Tenant.Value, move.From, move.To, step, reason);
        return MoveOutcome.Stayed(step, reason);
    }

    [LoggerMessage(3134, LogLevel.Warning,
        "Tenant {TenantId} does not move from {From} to {To}: step {Step} failed, {Reason}")]
    private partial void LogStayed(string tenantId, string from, string to, MoveStep step, string reason);

    [LoggerMessage(3135, LogLevel.Warning, "Tenant {TenantId} is back on {From}: {To} did not open it")]
    private partial void LogReturned(string tenantId, string from, string to);
}
