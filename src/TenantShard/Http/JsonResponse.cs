using Microsoft.AspNetCore.Http;

namespace Platform.TenantShard.Http;

/// <summary>Sends a finished JSON body: one write, with its length.</summary>
internal static class JsonResponse
{
    public static async Task SendAsync(HttpContext context, int status, JsonBuffer body)
    {
        body.Complete();
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.ContentLength = body.Written.Length;
        await response.Body.WriteAsync(body.Written, context.RequestAborted);
    }

    public static void SendNoContent(HttpContext context) =>
        context.Response.StatusCode = StatusCodes.Status204NoContent;
}
