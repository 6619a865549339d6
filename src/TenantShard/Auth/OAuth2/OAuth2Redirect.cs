using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Http;

namespace Platform.TenantShard.Auth.OAuth2;

/// <summary>
/// <c>GET</c> and <c>POST /api/oauth2-redirect</c>: where providers send a browser back to. What they say is handed to
/// the realtime client that has begun the login: its id is the state, and it follows the topic <c>@oauth2</c>. One
/// redirect is delivered for each subscription.
/// </summary>
internal static class OAuth2Redirect
{
    /// <summary>The topic that SDKs follow during a login.</summary>
    public const string Topic = "@oauth2";

    private const string Path = "/api/oauth2-redirect";
    private const string Success = "../_/#/auth/oauth2-redirect-success";
    private const string Failure = "../_/#/auth/oauth2-redirect-failure";
    private const string FormType = "application/x-www-form-urlencoded";
    private const string Malformed = "Failed to load the submitted data due to invalid formatting.";
    private const int ValueLengthMax = 4096;
    private const long FormBytesMax = 64 << 10;

    public static void Map(RouteTable routes)
    {
        routes.Map("GET", Path, GetAsync);
        routes.Map("POST", Path, PostAsync);
    }

    private static Task GetAsync(ApiContext context)
    {
        var query = context.Http.Request.QueryString;
        var isDelivered = Deliver(context, name => QueryParameters.Read(query, name));
        Redirect(context, StatusCodes.Status307TemporaryRedirect, isDelivered);
        return Task.CompletedTask;
    }

    /// <summary>Of providers that answer with a form (response_mode=form_post), such as Apple.</summary>
    private static async Task PostAsync(ApiContext context)
    {
        var form = await ReadFormAsync(context);
        var isDelivered = Deliver(context, name => form.TryGetValue(name, out var values) ? values[0] : null);
        Redirect(context, StatusCodes.Status303SeeOther, isDelivered);
    }

    /// <exception cref="ApiException">400: it is no form of the kind that providers send, or too large.</exception>
    private static async Task<IFormCollection> ReadFormAsync(ApiContext context)
    {
        var request = context.Http.Request;
        if (request.ContentType?.StartsWith(FormType, StringComparison.OrdinalIgnoreCase) != true
            || request.ContentLength is null or > FormBytesMax)
        {
            throw ApiException.BadRequest(Malformed);
        }

        try
        {
            return await request.ReadFormAsync(context.Aborted);
        }
        catch (InvalidDataException error)
        {
            throw new ApiException(400, Malformed, cause: error);
        }
    }

    private static void Redirect(ApiContext context, int status, bool isDelivered)
    {
        context.Http.Response.StatusCode = status;
        context.Http.Response.Headers.Location = isDelivered ? Success : Failure;
        context.Http.Response.Headers.CacheControl = "no-store";
    }

    /// <summary>True when the client waits for it and the provider has not refused.</summary>
    private static bool Deliver(ApiContext context, Func<string, string?> read)
    {
        var (state, code, error) = (read("state") ?? "", read("code") ?? "", read("error") ?? "");
        if (state.Length == 0 || state.Length + code.Length + error.Length > ValueLengthMax) return false;
        var isGood = error.Length == 0 && code.Length > 0;
        return context.Tenant.Realtime.TrySendOnce(state, Topic, Write(state, code, error)) && isGood;
    }

    private static ReadOnlyMemory<byte> Write(string state, string code, string error)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("state"u8, state);
            writer.WriteString("code"u8, code);
            if (error.Length > 0) writer.WriteString("error"u8, error);
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
