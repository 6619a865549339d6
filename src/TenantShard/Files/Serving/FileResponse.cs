using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Files.Serving;

/// <summary>
/// Sends a stored file: its headers, or that nothing changed, or the part that was asked for. Types that a browser
/// would run are sent as attachments, and the policy lets no script of any run.
/// </summary>
internal static class FileResponse
{
    private const string Policy = "default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; sandbox";
    private const string Caching = "max-age=2592000, stale-while-revalidate=86400"; // 30 days, 1 day

    public static async Task SendAsync(HttpContext http, FileStorage storage, StoredFile file, string name)
    {
        try
        {
            await AnswerAsync(http, storage, file, name);
        }
        catch when (!http.Response.HasStarted)
        {
            // A refusal or a fault must not be kept for as long as the file may be.
            var headers = http.Response.Headers;
            headers.CacheControl = headers.ETag = headers.LastModified = headers.ContentDisposition = default;
            http.Response.ContentLength = null;
            throw;
        }
    }

    private static async Task AnswerAsync(HttpContext http, FileStorage storage, StoredFile file, string name)
    {
        var (request, response) = (http.Request, http.Response);
        var tag = new EntityTagHeaderValue(
            string.Create(CultureInfo.InvariantCulture, $"\"{file.Modified.UtcTicks:x}-{file.Size:x}\""));
        // The header has whole seconds, and so has a client that sends it back.
        var modified = DateTimeOffset.FromUnixTimeSeconds(file.Modified.ToUnixTimeSeconds());
        Describe(response, request, file, name, tag, modified);
        var asked = request.GetTypedHeaders();
        if (IsUnchanged(asked, tag, modified))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var header = IsRangeCurrent(asked, tag, modified) ? request.Headers.Range.ToString() : null;
        if (!ByteRange.TryRead(header, file.Size, out var range))
        {
            response.Headers.ContentRange = $"bytes */{file.Size}";
            throw new ApiException(416, "The requested range is not satisfiable.");
        }

        if (range is { } part)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange =
                $"bytes {part.Offset}-{part.Offset + part.Length - 1}/{file.Size}";
        }

        await CopyAsync(http, storage, file, range ?? new ByteRange(0, file.Size));
    }

    private static void Describe(
        HttpResponse response, HttpRequest request, StoredFile file, string name, EntityTagHeaderValue tag,
        DateTimeOffset modified)
    {
        var isDownload = QueryIsTrue(Http.QueryParameters.Read(request.QueryString, "download"));
        var disposition = !isDownload && InlineTypes.Contains(file.Type) ? "inline" : "attachment";
        var headers = response.GetTypedHeaders();
        headers.ETag = tag;
        headers.LastModified = modified;
        response.Headers.ContentDisposition = $"{disposition}; filename={Quote(name)}";
        response.Headers.ContentType = InlineTypes.ServedAs(name, file.Type);
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.CacheControl = Caching;
        response.Headers.AcceptRanges = "bytes";
    }

    private static bool QueryIsTrue(string? value) => value is "1" or "t" or "T" or "true" or "TRUE" or "True";

    /// <summary>Names of this platform need no quotes; imported ones may.</summary>
    private static string Quote(string name)
    {
        var isPlain = name.All(static character => char.IsAsciiLetterOrDigit(character) || "_.-+".Contains(character));
        if (isPlain) return name;
        return $"\"{new string([.. name.Select(static c => c is < ' ' or > '~' or '"' or '\\' ? '_' : c)])}\"";
    }

    private static bool IsUnchanged(RequestHeaders asked, EntityTagHeaderValue tag, DateTimeOffset modified)
    {
        if (asked.IfNoneMatch is { Count: > 0 } tags)
            return tags.Any(known => known.Tag == "*" || known.Compare(tag, useStrongComparison: false));
        return asked.IfModifiedSince is { } since && modified <= since;
    }

    private static bool IsRangeCurrent(RequestHeaders asked, EntityTagHeaderValue tag, DateTimeOffset modified)
    {
        if (asked.IfRange is not { } condition) return true;
        return condition.EntityTag is { } known
            ? known.Compare(tag, useStrongComparison: true)
            : condition.LastModified >= modified;
    }

    private static async Task CopyAsync(HttpContext http, FileStorage storage, StoredFile file, ByteRange range)
    {
        http.Response.ContentLength = range.Length;
        if (HttpMethods.IsHead(http.Request.Method) || range.Length == 0) return;
        await using var content = await storage.OpenAsync(file, range.Offset, range.Length, http.RequestAborted);
        // Removed since it was looked up.
        if (content is null) throw ApiException.NotFound();
        await content.CopyToAsync(http.Response.Body, http.RequestAborted);
    }
}
