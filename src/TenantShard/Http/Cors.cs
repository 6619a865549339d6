using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Platform.TenantShard.Http;

/// <summary>
/// Cross-origin requests (https://fetch.spec.whatwg.org/#http-cors-protocol): every origin is allowed, as PocketBase
/// does. Tokens travel in a header and never in a cookie, so no origin can use another's session.
/// </summary>
internal static class Cors
{
    private static readonly StringValues AnyOrigin = "*";
    private static readonly StringValues Methods = "GET,HEAD,PUT,PATCH,POST,DELETE";
    private static readonly StringValues MaxAgeSeconds = "86400";

    /// <summary>Adds the response headers; true when the request was a preflight and is answered.</summary>
    public static bool Handle(HttpContext context)
    {
        var request = context.Request;
        var isPreflight = HttpMethods.IsOptions(request.Method);
        if (request.Headers.Origin.Count == 0 && !isPreflight) return false;
        var headers = context.Response.Headers;
        headers.AccessControlAllowOrigin = AnyOrigin;
        if (!isPreflight) return false;
        headers.Vary = "Access-Control-Request-Method, Access-Control-Request-Headers";
        headers.AccessControlAllowMethods = Methods;
        headers.AccessControlMaxAge = MaxAgeSeconds;
        if (request.Headers.AccessControlRequestHeaders is { Count: > 0 } wanted)
            headers.AccessControlAllowHeaders = wanted;
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return true;
    }
}
