using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Platform.Gateway.Resolution;
using Platform.Messages.Tenants;

namespace Platform.Gateway.Forwarding;

/// <summary>
/// The edge of the process: resolve the tenant, apply the limits, hand over to the backend. A request that names no
/// tenant goes on to the process's own endpoints; one that does never reaches them.
/// </summary>
public sealed partial class TenantGateway(
    TenantResolver resolver,
    ITenantBackend backend,
    GatewayOptions options,
    GatewayMetrics metrics,
    TimeProvider time,
    ILogger<TenantGateway> logger)
{
    /// <summary>Answers a tenant's request, or calls <paramref name="notATenant"/>.</summary>
    public Task HandleAsync(HttpContext context, RequestDelegate notATenant)
    {
        var resolution = resolver.Resolve(context.Request);
        if (resolution.Outcome == ResolutionOutcome.NotATenantRequest)
        {
            if (!HeaderPreflight.Matches(context.Request)) return notATenant(context);
            HeaderPreflight.Answer(context);
            return Task.CompletedTask;
        }

        return AnswerAsync(context, resolution);
    }

    private async Task AnswerAsync(HttpContext context, TenantResolution resolution)
    {
        var started = time.GetTimestamp();
        var outcome = GatewayOutcome.Failed;
        metrics.Started();
        try
        {
            outcome = resolution.Tenant is { } tenant
                ? await ForwardAsync(context, tenant)
                : await RefuseAsync(context, resolution);
        }
        finally
        {
            metrics.Finished(outcome, context.Response.StatusCode, IsStream(context), time.GetElapsedTime(started));
        }
    }

    private static async Task<string> RefuseAsync(HttpContext context, TenantResolution resolution)
    {
        await GatewayProblem.WriteAsync(context, resolution.Status, resolution.Message!);
        return resolution.Outcome switch
        {
            ResolutionOutcome.Malformed => GatewayOutcome.Malformed,
            ResolutionOutcome.Ambiguous => GatewayOutcome.Ambiguous,
            ResolutionOutcome.Deleted => GatewayOutcome.Deleted,
            _ => GatewayOutcome.Unknown,
        };
    }

    private async Task<string> ForwardAsync(HttpContext context, TenantDescriptor tenant)
    {
        var bodyBytesMax = tenant.Quotas.RequestBodyBytesMax ?? options.RequestBodyBytesMax;
        if (context.Request.ContentLength > bodyBytesMax)
        {
            await GatewayProblem.WriteAsync(context, StatusCodes.Status413PayloadTooLarge, TooLarge(bodyBytesMax));
            return GatewayOutcome.TooLarge;
        }

        LimitStreamedBody(context, bodyBytesMax);
        try
        {
            await backend.HandleAsync(context, tenant.Id);
            return GatewayOutcome.Forwarded;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody listens any more: the status is for the metrics and the access log only.
            if (!context.Response.HasStarted)
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return GatewayOutcome.Aborted;
        }
        catch (BadHttpRequestException exception)
        {
            return await RefuseBodyAsync(context, exception.StatusCode, bodyBytesMax);
        }
#pragma warning disable CA1031 // The HTTP boundary: a fault of one request must end as an answer to that request.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogBackendFailed(exception, tenant.Id.Value, context.Request.Method);
            return await FailAsync(context);
        }
    }

    private static async Task<string> RefuseBodyAsync(HttpContext context, int status, long bodyBytesMax)
    {
        var isTooLarge = status == StatusCodes.Status413PayloadTooLarge;
        var message = isTooLarge ? TooLarge(bodyBytesMax) : "The request's body could not be read.";
        await GatewayProblem.WriteAsync(context, status, message);
        return isTooLarge ? GatewayOutcome.TooLarge : GatewayOutcome.BadRequest;
    }

    private static async Task<string> FailAsync(HttpContext context)
    {
        // Half an answer must not look like a whole one: the connection is cut instead of ended.
        if (context.Response.HasStarted) context.Abort();
        else
        {
            await GatewayProblem.WriteAsync(
                context,
                StatusCodes.Status500InternalServerError,
                "Something went wrong while processing the request.");
        }

        return GatewayOutcome.Failed;
    }

    // A body without Content-Length is counted by the server while it arrives.
    private static void LimitStreamedBody(HttpContext context, long bodyBytesMax)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = bodyBytesMax;
    }

    private static bool IsStream(HttpContext context) =>
        context.Response.StatusCode == StatusCodes.Status101SwitchingProtocols
        || context.Response.ContentType?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) == true;

    private static string TooLarge(long bytesMax) =>
        $"The request body is larger than {bytesMax} bytes, the limit of this tenant.";

    [LoggerMessage(4001, LogLevel.Error, "A {Method} request of tenant {TenantId} failed")]
    private partial void LogBackendFailed(Exception exception, string tenantId, string method);
}
