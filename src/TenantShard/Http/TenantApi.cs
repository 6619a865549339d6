using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using Platform.TenantShard.AdminUi;
using Platform.TenantShard.Auth;
using Platform.TenantShard.Backups;
using Platform.TenantShard.Batch;
using Platform.TenantShard.ClientAddresses;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Crons;
using Platform.TenantShard.Database;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Files.Serving;
using Platform.TenantShard.Health;
using Platform.TenantShard.Logs;
using Platform.TenantShard.Mail;
using Platform.TenantShard.RateLimits;
using Platform.TenantShard.Realtime;
using Platform.TenantShard.Records;
using Platform.TenantShard.Settings;
using Platform.TenantShard.Sql;

namespace Platform.TenantShard.Http;

/// <summary>
/// A tenant's HTTP API: finds the route, proves who asks, calls the handler, and turns refusals and faults into the
/// API's error body. The host sets the request's <see cref="ShardFeature"/> before.
/// </summary>
internal sealed partial class TenantApi
{
    /// <summary>
    /// Each attempt sees the newest schema and values, so another failure takes another change at the same moment.
    /// </summary>
    private const int AttemptsMax = 16;

    private static readonly StringValues NoSniff = "nosniff";
    private static readonly StringValues SameOrigin = "SAMEORIGIN";
    private static readonly StringValues BlockScripting = "1; mode=block";

    private readonly RouteTable _routes = new();
    private readonly ApiServices _services;
    private readonly ILogger _logger;

    private TenantApi(ApiServices services, ILogger logger)
    {
        _services = services;
        _logger = logger;
    }

    /// <summary>Builds the API once for a process; the delegate serves all of its tenants.</summary>
    public static RequestDelegate Build(ApiServices services, ILoggerFactory loggers)
    {
        var api = new TenantApi(services, loggers.CreateLogger<TenantApi>());
        HealthEndpoint.Map(api._routes);
        CollectionEndpoints.Map(api._routes);
        RecordEndpoints.Map(api._routes);
        FileEndpoints.Map(api._routes);
        AuthEndpoints.Map(api._routes);
        SettingsEndpoints.Map(api._routes);
        TestEmail.Map(api._routes);
        BatchEndpoint.Map(api._routes);
        LogEndpoints.Map(api._routes);
        CronEndpoints.Map(api._routes);
        BackupEndpoints.Map(api._routes);
        SqlEndpoint.Map(api._routes);
        RealtimeEndpoints.Map(api._routes, loggers.CreateLogger<RealtimeHub>());
        return api.HandleAsync;
    }

    private async Task HandleAsync(HttpContext http)
    {
        var tenant = http.Features.Get<ShardFeature>()
            ?? throw new InvalidOperationException("The host has set no shard for this request.");
        SetSecurityHeaders(http.Response.Headers);
        if (Cors.Handle(http)) return;
        var started = tenant.Shard.Clock.GetTimestamp();
        using var context = new ApiContext(http, _services, tenant, default);
        ApiException? refusal = null;
        try
        {
            await DispatchAsync(context);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to read an answer.
            http.Abort();
        }
#pragma warning disable CA1031 // The HTTP boundary: one failing request must not take the node with it.
        catch (Exception error)
#pragma warning restore CA1031
        {
            refusal = Explain(error, context);
            await SendErrorAsync(http, refusal);
        }

        RequestLog.Add(context, started, refusal);
    }

    /// <summary>What PocketBase sends with every answer.</summary>
    private static void SetSecurityHeaders(IHeaderDictionary headers)
    {
        headers.XContentTypeOptions = NoSniff;
        headers.XFrameOptions = SameOrigin;
        headers.XXSSProtection = BlockScripting;
    }

    private async Task DispatchAsync(ApiContext context)
    {
        var (http, tenant) = (context.Http, context.Tenant);
        var route = _routes.Find(http.Request.Method, http.Request.Path.Value, out var values);
        context.Route(values, await tenant.Settings.ReadAsync(http.RequestAborted));
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                context.Begin(await AuthResolver.ResolveAsync(http, tenant));
                SuperuserAddresses.Require(context);
                if (attempt == 1) RateLimitGate.Enter(context, route);
                if (route is not null) await route.Handler(context);
                else if (AdminFiles.Owns(http.Request.Path)) await _services.AdminUi.ServeAsync(http);
                else throw ApiException.NotFound();
                return;
            }
            catch (SchemaChangedException error)
            {
                if (attempt == AttemptsMax) throw Busy(error);
            }
        }
    }

    private ApiException Explain(Exception error, ApiContext context)
    {
        switch (error)
        {
            case ApiException refusal:
                return refusal;
            case DatabaseException failure:
                return Explain(failure);
            case BadHttpRequestException bad:
                // Kestrel's own refusal of a body: too large, too slow or broken framing.
                return new ApiException(bad.StatusCode, "The request body cannot be read.", cause: bad);
            default:
                LogRequestFailed(error, context.Http.Request.Method, context.Shard.Tenant.Value);
                return ErrorResponse.Unexpected(error);
        }
    }

    private static ApiException Busy(SchemaChangedException error) =>
        new(503, "The record or its collection is being changed by others.", cause: error) { RetryAfterSeconds = 1 };

    private ApiException Explain(DatabaseException error)
    {
        var explained = ErrorResponse.From(error);
        if (explained.Status == StatusCodes.Status500InternalServerError) LogDatabaseFailed(error, error.Code);
        return explained;
    }

    private static async Task SendErrorAsync(HttpContext http, ApiException error)
    {
        if (http.Response.HasStarted)
        {
            // The status is on its way already; a cut connection is the only honest end.
            http.Abort();
            return;
        }

        await ErrorResponse.SendAsync(http, error);
    }

    [LoggerMessage(2300, LogLevel.Error, "A {Method} request of tenant {TenantId} failed unexpectedly")]
    private partial void LogRequestFailed(Exception error, string method, string tenantId);

    [LoggerMessage(2301, LogLevel.Error, "SQLite failed a request with code {Code}")]
    private partial void LogDatabaseFailed(Exception error, int code);
}
