using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Platform.Cluster.Http;

/// <summary>Writes JSON answers of the operators' API.</summary>
internal static class JsonAnswer
{
    /// <summary>
    /// The answers are JSON documents, never embedded in HTML, so quotes and non-ASCII text stay readable.
    /// </summary>
    private static readonly JsonWriterOptions WriterOptions =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task WriteAsync(HttpContext context, int status, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        await using (var writer = new Utf8JsonWriter(buffer, WriterOptions)) write(writer);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = buffer.WrittenCount;
        context.Response.Headers.CacheControl = "no-store";
        if (HttpMethods.IsHead(context.Request.Method)) return;
        await context.Response.Body.WriteAsync(buffer.WrittenMemory, context.RequestAborted);
    }

    public static Task WriteAsync(HttpContext context, ApiProblem problem)
    {
        if (problem.RetryAfterSeconds is { } seconds)
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return WriteAsync(context, problem.Status, writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("status", problem.Status);
            writer.WriteString("message", problem.Message);
            writer.WriteStartObject("data");
            foreach (var (field, reason) in problem.Fields)
            {
                writer.WriteStartObject(field);
                writer.WriteString("code", reason.Code);
                writer.WriteString("message", reason.Message);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        });
    }
}
