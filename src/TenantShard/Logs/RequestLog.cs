using Microsoft.AspNetCore.Http;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Http;

namespace Platform.TenantShard.Logs;

/// <summary>Notes each request in its tenant's log. On the path of every request: it only takes references.</summary>
internal static class RequestLog
{
    /// <param name="context">The request, answered.</param>
    /// <param name="started">When it came, as a timestamp of the shard's clock.</param>
    /// <param name="refusal">How it was refused or failed; null = it was not.</param>
    public static void Add(ApiContext context, long started, ApiException? refusal)
    {
        var level = refusal is null ? LogSeverity.Information : LogSeverity.Error;
        var policy = context.Policy.Logs;
        if (context.Tenant.Logs is not { } logs || !policy.Includes(level)) return;
        var request = context.Http.Request;
        if (refusal is null && IsQuiet(request)) return;
        var clock = context.Shard.Clock;
        var headers = request.Headers;
        var entry = new LogEntry
        {
            Time = clock.GetUtcNow(),
            Level = level,
            Method = request.Method,
            Path = request.Path.Value,
            Query = request.QueryString.Value,
            Status = refusal?.Status ?? context.Http.Response.StatusCode,
            Duration = clock.GetElapsedTime(started),
            Auth = context.Auth?.Collection.Name,
            AuthId = policy.LogsAuthIds ? context.Auth?.RecordId : null,
            Referer = headers.Referer.Count > 0 ? headers.Referer[0] : null,
            UserAgent = headers.UserAgent.Count > 0 ? headers.UserAgent[0] : null,
            HasAddresses = policy.LogsAddresses,
            Remote = policy.LogsAddresses ? context.Http.Connection.RemoteIpAddress : null,
            User = policy.LogsAddresses ? context.ClientAddress : null,
            Error = refusal?.Message,
        };
        if (logs.Add(entry, policy.DaysMax)) context.Services.Logs.Mark(logs);
    }

    /// <summary>Looking at logs would fill them; files of a UI say nothing; a realtime connection only ends here.</summary>
    private static bool IsQuiet(HttpRequest request) =>
        request.Path.StartsWithSegments("/api/logs", StringComparison.Ordinal)
        || AdminUi.AdminFiles.Owns(request.Path)
        || (request.Path.Equals("/api/realtime", StringComparison.Ordinal) && HttpMethods.IsGet(request.Method));
}
