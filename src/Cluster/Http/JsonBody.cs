using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Platform.Cluster.Http;

/// <summary>Reads the JSON object of a request within the limits of the admin API.</summary>
internal static class JsonBody
{
    private static readonly JsonDocumentOptions Options = new()
    {
        // Deep enough for every body of the API.
        MaxDepth = 16,
        AllowDuplicateProperties = false,
    };

    /// <summary>The object, or what is wrong with it. No body at all is an empty object.</summary>
    public static async Task<(JsonDocument? Document, ApiProblem? Problem)> ReadAsync(
        HttpContext context, int bytesMax)
    {
        var tooLarge = new ApiProblem(413, $"The request body is larger than {bytesMax} bytes.");
        if (context.Request.ContentLength > bytesMax) return (null, tooLarge);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = bytesMax;
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        if (buffer.Length == 0) return (JsonDocument.Parse("{}"), null);
        return Parse(buffer.GetBuffer().AsMemory(0, (int)buffer.Length));
    }

    private static (JsonDocument? Document, ApiProblem? Problem) Parse(ReadOnlyMemory<byte> body)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body, Options);
        }
        catch (JsonException error)
        {
            return (null, new ApiProblem(
                400,
                $"The body is not valid JSON at line {error.LineNumber + 1}, "
                + $"position {error.BytePositionInLine + 1}."));
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object) return (document, null);
        document.Dispose();
        return (null, new ApiProblem(400, "The body must be a JSON object."));
    }
}
