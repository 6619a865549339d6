using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Platform.TenantShard.Auth;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Http;
using Platform.TenantShard.Records;
using Platform.TenantShard.Records.Codecs;

namespace Platform.TenantShard.Realtime;

/// <summary><c>GET</c> and <c>POST /api/realtime</c>.</summary>
internal static class RealtimeEndpoints
{
    private const string Path = "/api/realtime";
    private const string Invalid = "Something went wrong while processing your request.";
    private const int ClientIdLengthMax = 255;
    private const int SubscriptionLengthMax = 2500;

    public static void Map(RouteTable routes, ILogger logger)
    {
        routes.Map("GET", Path, context => ConnectAsync(context, logger));
        routes.Map("POST", Path, SubscribeAsync);
    }

    private static async Task ConnectAsync(ApiContext context, ILogger logger)
    {
        if (HttpMethods.IsHead(context.Http.Request.Method)) return;
        var client = context.Tenant.Realtime.Connect(context, logger);
        try
        {
            // Whoever waits must not keep the shard open; the hub ends the connection before the shard closes.
            using (context.Shard.Rest())
                await RealtimeConnection.RunAsync(context, client);
        }
        finally
        {
            context.Tenant.Realtime.Disconnect(client);
        }
    }

    private static async Task SubscribeAsync(ApiContext context)
    {
        var (clientId, subscriptions) = ReadBody(await context.ReadBodyAsync(), context.Services.Options.Realtime);
        var hub = context.Tenant.Realtime;
        var client = hub.Find(clientId) ?? throw new ApiException(404, "Missing or invalid client id.");
        hub.Subscribe(
            client, subscriptions, await ProveAsync(context),
            context.Services.Options.Realtime.TenantSubscriptionsMax);
        JsonResponse.SendNoContent(context.Http);
    }

    private static async ValueTask<RealtimeAuth?> ProveAsync(ApiContext context)
    {
        if (context.Auth is not { } identity || AuthResolver.ReadToken(context.Http) is not { } token) return null;
        var auth = new RealtimeAuth(identity, token);
        // The token may have been voided since the request came; from here on the hub watches.
        var isValid = await context.Shard.ReadAsync(
            auth, static (scope, auth) => auth.IsValid(scope), context.Aborted);
        return isValid ? auth : null;
    }

    private static (string ClientId, List<string> Subscriptions) ReadBody(JsonElement body, RealtimeOptions options)
    {
        var errors = new RecordErrors();
        var clientId = ReadText(body, "clientId");
        if (clientId is null) errors.Add("clientId", FieldErrors.WrongType);
        else if (clientId.Length == 0) errors.Add("clientId", FieldErrors.Required);
        else if (clientId.Length > ClientIdLengthMax) errors.Add("clientId", Length(1, ClientIdLengthMax));
        var subscriptions = ReadSubscriptions(body, options, errors);
        errors.ThrowIfAny(Invalid);
        return (clientId!, subscriptions);
    }

    private static List<string> ReadSubscriptions(JsonElement body, RealtimeOptions options, RecordErrors errors)
    {
        var subscriptions = new List<string>();
        if (body.ValueKind != JsonValueKind.Object
            || !body.TryGetProperty("subscriptions", out var list)
            || list.ValueKind == JsonValueKind.Null)
        {
            return subscriptions;
        }

        if (list.ValueKind != JsonValueKind.Array)
        {
            errors.Add("subscriptions", FieldErrors.WrongType);
            return subscriptions;
        }

        if (list.GetArrayLength() > options.SubscriptionsMax)
        {
            errors.Add("subscriptions", Length(0, options.SubscriptionsMax));
            return subscriptions;
        }

        foreach (var item in list.EnumerateArray())
        {
            var text = item.ValueKind == JsonValueKind.String && TextCast.TryRead(item, out var read) ? read : null;
            if (text is null) errors.Add("subscriptions", FieldErrors.WrongType);
            else if (text.Length > SubscriptionLengthMax) errors.Add("subscriptions", Length(0, SubscriptionLengthMax));
            // A line break would end the event's name.
            else if (text.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0) errors.Add("subscriptions", FieldErrors.WrongType);
            else if (text.Length > 0) subscriptions.Add(text);
        }

        return subscriptions;
    }

    /// <summary>The text; empty when it is missing, null when it is something else.</summary>
    private static string? ReadText(JsonElement body, string name)
    {
        if (body.ValueKind != JsonValueKind.Object
            || !body.TryGetProperty(name, out var value)
            || value.ValueKind == JsonValueKind.Null)
        {
            return "";
        }

        return value.ValueKind == JsonValueKind.String && TextCast.TryRead(value, out var text) ? text : null;
    }

    private static FieldError Length(int min, int max) => ValidationErrors.Length(min, max);
}
