using Microsoft.AspNetCore.Http;
using Platform.Gateway.Resolution;

namespace Platform.Gateway.Forwarding;

/// <summary>
/// A browser asks before it sends <c>X-Tenant-ID</c> to another origin, and its question (a CORS preflight, Fetch
/// standard section 3.2.2) never carries the header itself, only its name: so the question is no tenant's, and is
/// answered here. Whether the answer may then be read is said by the tenant's own response.
/// </summary>
internal static class HeaderPreflight
{
    private const string MaxAgeSeconds = "600";

    public static bool Matches(HttpRequest request) =>
        HttpMethods.IsOptions(request.Method)
        && request.Headers.Origin.Count > 0
        && request.Headers.AccessControlRequestMethod.Count > 0
        && Names(request.Headers.AccessControlRequestHeaders.ToString(), TenantResolver.HeaderName);

    public static void Answer(HttpContext context)
    {
        var headers = context.Response.Headers;
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        headers.AccessControlAllowOrigin = "*";
        headers.AccessControlAllowMethods = "GET, HEAD, POST, PUT, PATCH, DELETE";
        headers.AccessControlAllowHeaders = context.Request.Headers.AccessControlRequestHeaders;
        headers.AccessControlMaxAge = MaxAgeSeconds;
        headers.Vary = "Access-Control-Request-Headers";
    }

    private static bool Names(ReadOnlySpan<char> list, string name)
    {
        foreach (var range in list.Split(','))
            if (list[range].Trim().Equals(name, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }
}
