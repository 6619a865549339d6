using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Platform.Gateway.Forwarding;
using Platform.Gateway.Owners;
using Platform.Messages.Identity;
using Yarp.ReverseProxy.Forwarder;

namespace Platform.Gateway.Proxying;

/// <summary>
/// Has a request answered by the node that owns its tenant. A request is held while the tenant has no owner, moves, or
/// its node is gone, and is sent again only where that cannot do it twice: when nothing arrived, when the node says
/// that it did nothing, or when it only reads.
/// </summary>
public sealed partial class OwnerBackend : ITenantBackend, IDisposable
{
    private const int RetryAfterSeconds = 2;

    /// <summary>
    /// A coordinator that does not answer within it is likely gone, and another is in office soon; a decision takes
    /// milliseconds.
    /// </summary>
    private static readonly TimeSpan PlaceTryMax = TimeSpan.FromSeconds(3);

    private readonly ITenantOwners _owners;
    private readonly LocalNode? _local;
    private readonly ProxyOptions _options;
    private readonly ProxyMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<OwnerBackend> _logger;
    private readonly NodeForwarder _forwarder;
    private readonly NodeBreakers _breakers;
    private readonly HeldRequests _held;
    private readonly LostNodes _lost;

    internal OwnerBackend(
        ITenantOwners owners, LocalNode? local, IHttpForwarder forwarder, ProxyOptions options, ProxyMetrics metrics,
        Random random, TimeProvider time, ILogger<OwnerBackend> logger)
    {
        (_owners, _local, _options, _metrics, _time, _logger) = (owners, local, options, metrics, time, logger);
        _forwarder = new NodeForwarder(forwarder, options, time);
        _breakers = new NodeBreakers(options, time);
        _held = new HeldRequests(random);
        _lost = new LostNodes(owners, time);
    }

    /// <summary>Nodes that are left alone now because they failed.</summary>
    public int OpenBreakers => _breakers.OpenCount;

    /// <inheritdoc/>
    public async Task HandleAsync(HttpContext context, TenantId tenant)
    {
        using var hold = new HeldRequest(_held, _options, _metrics, _time);
        RequestReplay? replay = null;
        try
        {
            var (knownEpoch, triedEpoch) = (0L, 0L);
            do
            {
                var owner = await FindAsync(tenant, knownEpoch, hold, context.RequestAborted);
                if (owner is null) continue;
                triedEpoch = owner.Value.Epoch;
                if (_local is { } local && local.Id == owner.Value.Node.Id)
                {
                    await local.Tenants.HandleAsync(context, tenant);
                    return;
                }

                replay ??= await RequestReplay.PrepareAsync(context, _options.ReplayBytesMax);
                var outcome = await AttemptAsync(context, tenant, owner.Value, replay);
                if (outcome is null) continue;
                if (!MayRepeat(context, outcome.Value, replay))
                {
                    await EndAsync(context, outcome.Value);
                    return;
                }

                context.Response.Clear();
                if (outcome == AttemptOutcome.Misdirected) knownEpoch = owner.Value.Epoch;
            }
            while (await hold.PauseAsync(
                pause => _owners.WhenMovedAsync(tenant, triedEpoch, pause), context.RequestAborted));

            await RefuseAsync(context, "The tenant is not reachable at the moment; nothing was done.");
        }
        catch (OwnerUnavailableException unavailable)
        {
            await RefuseAsync(context, unavailable.Message);
        }
        finally
        {
            replay?.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _lost.Dispose();
        _forwarder.Dispose();
    }

    /// <summary>
    /// The owner from memory, unless it is the one that denied; else from the coordinator. Null: try again later.
    /// </summary>
    private async ValueTask<TenantOwner?> FindAsync(
        TenantId tenant, long knownEpoch, HeldRequest hold, CancellationToken aborted)
    {
        if (_owners.Find(tenant) is { } known && known.Epoch > knownEpoch) return known;
        hold.Hold();
        using var late = new CancellationTokenSource(hold.Left < PlaceTryMax ? hold.Left : PlaceTryMax, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(aborted, late.Token);
        try
        {
            return await _owners.PlaceAsync(tenant, knownEpoch, either.Token);
        }
        catch (OwnerUnavailableException unavailable) when (hold.Left > TimeSpan.Zero)
        {
            LogNoOwner(unavailable, tenant.Value);
            return null;
        }
        catch (OperationCanceledException cancelled) when (!aborted.IsCancellationRequested)
        {
            if (hold.Left > TimeSpan.Zero) return null;
            throw new OwnerUnavailableException("The tenant could not be placed in time; nothing was done.", cancelled);
        }
    }

    /// <summary>One attempt; null when the node is left alone at the moment.</summary>
    private async ValueTask<AttemptOutcome?> AttemptAsync(
        HttpContext context, TenantId tenant, TenantOwner owner, RequestReplay replay)
    {
        var breaker = _breakers.Of(owner.Node);
        if (!breaker.TryEnter()) return null;
        var outcome = await _forwarder.SendAsync(context, tenant, owner.Node, replay, _lost.Of(owner.Node));
        _metrics.Attempted(outcome);
        switch (outcome)
        {
            case AttemptOutcome.Answered or AttemptOutcome.Misdirected or AttemptOutcome.Moving:
                breaker.Succeeded();
                break;
            case AttemptOutcome.Unreached or AttemptOutcome.Broken or AttemptOutcome.CutOff
                or AttemptOutcome.TimedOut when breaker.Failed():
                _metrics.BreakerOpened();
                LogNodeLeftAlone(owner.Node.Id);
                break;
        }

        return outcome;
    }

    private static bool MayRepeat(HttpContext context, AttemptOutcome outcome, RequestReplay replay) =>
        replay.CanSend && !context.Response.HasStarted && outcome switch
        {
            AttemptOutcome.Misdirected or AttemptOutcome.Moving or AttemptOutcome.Unreached => true,
            AttemptOutcome.Broken => IsRead(context.Request.Method),
            _ => false,
        };

    /// <summary>Safe methods (RFC 9110, section 9.2.1): doing them twice is doing them once.</summary>
    private static bool IsRead(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    private static Task EndAsync(HttpContext context, AttemptOutcome outcome)
    {
        switch (outcome)
        {
            case AttemptOutcome.Answered:
                return Task.CompletedTask;
            case AttemptOutcome.Aborted:
                context.RequestAborted.ThrowIfCancellationRequested();
                context.Abort();
                return Task.CompletedTask;
            case AttemptOutcome.TimedOut:
                return GatewayProblem.WriteAsync(
                    context, StatusCodes.Status504GatewayTimeout,
                    "The tenant did not answer in time. If the request writes, it may have been done.");
            case AttemptOutcome.Misdirected or AttemptOutcome.Moving or AttemptOutcome.Unreached:
                return RefuseAsync(context, "The tenant moved while the request was sent; nothing was done.");
            default:
                if (!context.Response.HasStarted)
                {
                    return GatewayProblem.WriteAsync(
                        context, StatusCodes.Status502BadGateway,
                        "The connection to the tenant broke. If the request writes, it may have been done.");
                }

                context.Abort();
                return Task.CompletedTask;
        }
    }

    private static Task RefuseAsync(HttpContext context, string message) =>
        GatewayProblem.WriteAsync(
            context, StatusCodes.Status503ServiceUnavailable, message, RetryAfterSeconds);

    [LoggerMessage(4010, LogLevel.Debug, "Tenant {TenantId} has no owner yet; the request is held")]
    private partial void LogNoOwner(Exception unavailable, string tenantId);

    [LoggerMessage(4011, LogLevel.Warning, "Node {NodeId} failed several times in a row and is left alone for a while")]
    private partial void LogNodeLeftAlone(string nodeId);
}
