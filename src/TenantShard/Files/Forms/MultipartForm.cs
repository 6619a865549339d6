using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Http;

namespace Platform.TenantShard.Files.Forms;

/// <summary>A multipart/form-data body (RFC 7578), read once as it arrives; files are spooled.</summary>
internal sealed class MultipartForm : IDisposable
{
    private const string Malformed = "Failed to load the submitted data due to invalid formatting.";
    private const int PartsMax = 1000;
    private const int NameMax = 512;
    private const int BoundaryMax = 70; // RFC 2046, 5.1.1

    private readonly FormSpool _spool;
    private readonly FormValues _values = new();
    private readonly List<UploadedFile> _files = [];
    private readonly long _textBytesMax;
    private long _textBytes;

    private readonly BodyLease _memory;
    private long _memoryBytes;

    private MultipartForm(FormSpool spool, long textBytesMax, BodyLease memory)
    {
        _spool = spool;
        _textBytesMax = textBytesMax;
        _memory = memory;
    }

    public IReadOnlyList<UploadedFile> Files => _files;

    public static bool IsMultipart(HttpRequest request) =>
        request.ContentType is { } type
        && type.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase);

    /// <param name="http">The request.</param>
    /// <param name="spool">Where files go; disposed with the form.</param>
    /// <param name="textBytesMax">The most that parts without a file may have, in bytes.</param>
    /// <param name="bytesMax">The most that the body may have, in bytes.</param>
    /// <param name="memory">Answers for parts without a file.</param>
    /// <exception cref="ApiException">
    /// 400 when it is malformed; 413 when it is too large; 503 when the node has no memory for it.
    /// </exception>
    public static async Task<MultipartForm> ReadAsync(
        HttpContext http, FormSpool spool, long textBytesMax, long bytesMax, BodyLease memory)
    {
        var form = new MultipartForm(spool, textBytesMax, memory);
        try
        {
            if (http.Request.ContentLength > bytesMax) throw TooLarge();
            // From here on the server itself stops a body that is longer.
            if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
                limit.MaxRequestBodySize = bytesMax;
            await form.ReadPartsAsync(http);
            return form;
        }
        catch (Exception error) when (error is InvalidDataException or JsonException
            || (error is IOException and not BadHttpRequestException && !http.RequestAborted.IsCancellationRequested))
        {
            form.Dispose();
            throw new ApiException(400, Malformed, cause: error);
        }
        catch
        {
            form.Dispose();
            throw;
        }
    }

    /// <summary>The text parts as a JSON object.</summary>
    public ReadOnlyMemory<byte> ToJson() => _values.ToJson();

    public void Dispose() => _spool.Dispose();

    private static ApiException TooLarge() => new(413, "Request entity too large.");

    private async Task ReadPartsAsync(HttpContext http)
    {
        var reader = new MultipartReader(ReadBoundary(http.Request), http.Request.Body);
        for (var parts = 0; await reader.ReadNextSectionAsync(http.RequestAborted) is { } section; parts++)
        {
            if (parts == PartsMax) throw new InvalidDataException("Too many parts.");
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)
                || !disposition.DispositionType.Equals("form-data", StringComparison.OrdinalIgnoreCase))
                throw new InvalidDataException("A part has no name.");
            var name = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
            if (name.Length is 0 or > NameMax) throw new InvalidDataException("A part has no usable name.");
            var fileName = disposition.FileNameStar.HasValue
                ? disposition.FileNameStar.ToString()
                : HeaderUtilities.RemoveQuotes(disposition.FileName).ToString();
            // A file input without a choice is sent as a file without a name or content.
            if (fileName.Length > 0)
                _files.Add(await _spool.TakeAsync(name, BaseName(fileName), section.Body, http.RequestAborted));
            else
                await ReadTextAsync(name, section.Body, http.RequestAborted);
        }
    }

    private async Task ReadTextAsync(string name, Stream body, CancellationToken cancellationToken)
    {
        var text = new ArrayBufferWriter<byte>();
        for (int count; (count = await body.ReadAsync(text.GetMemory(1024), cancellationToken)) > 0;)
        {
            text.Advance(count);
            _textBytes += count;
            if (_textBytes > _textBytesMax) throw TooLarge();
            TakeMemory();
        }

        if (!Utf8.IsValid(text.WrittenSpan)) throw new InvalidDataException("Must be valid Unicode.");
        var value = Encoding.UTF8.GetString(text.WrittenSpan);
        if (name == FormValues.PayloadName) _values.AddPayload(value);
        else _values.Add(name, value);
    }

    /// <summary>In large steps: most forms take none.</summary>
    private void TakeMemory()
    {
        const int Step = 256 << 10;
        if (_textBytes <= _memoryBytes + Step) return;
        _memory.Take(Step);
        _memoryBytes += Step;
    }

    private static string ReadBoundary(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)) throw NoBoundary();
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary);
        return boundary.Length is > 0 and <= BoundaryMax ? boundary.ToString() : throw NoBoundary();
    }

    private static InvalidDataException NoBoundary() => new("The content type has no valid boundary.");

    private static string BaseName(string fileName) => fileName[(fileName.LastIndexOf('/') + 1)..];
}
