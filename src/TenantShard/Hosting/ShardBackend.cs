using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Platform.Messages.Identity;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Http;

namespace Platform.TenantShard.Hosting;

/// <summary>Serves a tenant's requests in this process: enters its shard, and hands the request to the tenant API.</summary>
public sealed class ShardBackend
{
    private readonly ShardHost _host;
    private readonly RequestDelegate _api;

    /// <param name="host">The node's shards.</param>
    /// <param name="bodyBytesMax">Largest request body of a tenant without a limit of its own, in bytes.</param>
    /// <param name="loggers">For the API's log.</param>
    public ShardBackend(ShardHost host, long bodyBytesMax, ILoggerFactory loggers)
    {
        _host = host;
        _api = TenantApi.Build(new TenantApiOptions { BodyBytesMax = bodyBytesMax }, loggers);
    }

    /// <summary>Answers the request. The tenant is known to the registry; its shard is opened if need be.</summary>
    public async Task HandleAsync(HttpContext context, TenantId tenant)
    {
        ShardEntry entry;
        try
        {
            entry = await _host.EnterAsync(tenant, context.RequestAborted);
        }
        catch (ApiException refusal)
        {
            await ErrorResponse.SendAsync(context, refusal);
            return;
        }
        catch (TimeoutException late)
        {
            await ErrorResponse.SendAsync(context, ShardHost.OpensTooSlowly(late));
            return;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        try
        {
            context.Features.Set(entry.Feature);
            await _api(context);
        }
        finally
        {
            entry.Opened!.Leave();
        }
    }
}
