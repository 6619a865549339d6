using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Platform.Gateway.Forwarding;

/// <summary>
/// The gateway's own refusals, in the error shape of the tenant API: <c>{"status":404,"message":"...","data":{}}</c>.
/// </summary>
public static class GatewayProblem
{
    // The body is application/json and never part of a page, so quotes may stay readable.
    private static readonly JsonWriterOptions Readable =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Answers with <paramref name="status"/>; does nothing when an answer has already begun.</summary>
    /// <param name="context">The request.</param>
    /// <param name="status">The status.</param>
    /// <param name="message">The reason, for the client.</param>
    /// <param name="retryAfterSeconds">When trying again makes sense; null says nothing.</param>
    public static async Task WriteAsync(
        HttpContext context, int status, string message, int? retryAfterSeconds = null)
    {
        var response = context.Response;
        if (response.HasStarted) return;
        response.Clear();
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.Headers.CacheControl = "no-store";
        if (retryAfterSeconds is { } seconds)
            response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);

        // A page of another origin has to be able to read why it was refused, as it can read a tenant's own errors.
        response.Headers.AccessControlAllowOrigin = "*";
        WriteBody(response.BodyWriter, status, message);
        await response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private static void WriteBody(System.Buffers.IBufferWriter<byte> body, int status, string message)
    {
        using var json = new Utf8JsonWriter(body, Readable);
        json.WriteStartObject();
        json.WriteNumber("status"u8, status);
        json.WriteString("message"u8, message);
        json.WriteStartObject("data"u8);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
