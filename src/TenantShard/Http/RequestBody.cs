using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Files.Forms;

namespace Platform.TenantShard.Http;

/// <summary>
/// The JSON body of a request, read into a pooled array and parsed in place; or a form, as the JSON object that it
/// stands for, and its files. Nothing that outlives the request may keep an element of it.
/// </summary>
internal sealed class RequestBody : IDisposable
{
    private const string Malformed = "Failed to load the submitted data due to invalid formatting.";
    private const int UnknownLengthBytes = 4 << 10;

    /// <summary>Bytes that a body takes before it has come: a length is easily promised.</summary>
    private const int PromisedBytesMax = 64 << 10;

    private byte[]? _bytes;
    private JsonDocument? _document;
    private MultipartForm? _form;
    private readonly JsonElement _part;

    private readonly BodyLease? _lease;

    private RequestBody(byte[] bytes, BodyLease lease)
    {
        _bytes = bytes;
        _lease = lease;
    }

    private RequestBody(MultipartForm form)
    {
        var json = form.ToJson();
        _form = form;
        Files = form.Files;
        _document = JsonDocument.Parse(json);
        Length = json.Length;
    }

    private RequestBody(JsonElement part, IReadOnlyList<UploadedFile> files)
    {
        _part = part;
        Files = files;
        Length = part.ValueKind == JsonValueKind.Undefined ? 0 : JsonMarshal.GetRawUtf8Value(part).Length;
    }

    /// <summary>The object that was sent; <see cref="JsonValueKind.Undefined"/> when the body is empty.</summary>
    public JsonElement Root => _document?.RootElement ?? _part;

    /// <summary>Bytes of the body.</summary>
    public int Length { get; private set; }

    /// <summary>The files of a form.</summary>
    public IReadOnlyList<UploadedFile> Files { get; } = [];

    /// <summary>Takes what a form has said; disposes it in the end.</summary>
    public static RequestBody From(MultipartForm form) => new(form);

    /// <summary>
    /// Takes a part of another body, which must live longer, and some of its files.
    /// </summary>
    public static RequestBody Of(JsonElement part, IReadOnlyList<UploadedFile> files) => new(part, files);

    /// <summary>Reads and parses the body.</summary>
    /// <exception cref="ApiException">
    /// 400 when it is no JSON object; 413 when it is larger than the limit; 503 when the node has no memory for it.
    /// </exception>
    public static async ValueTask<RequestBody> ReadAsync(HttpContext context, long bytesMax, BodyLease lease)
    {
        var request = context.Request;
        // The server's own limit would come before a larger one of the tenant; this reader keeps the tenant's.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;
        if (request.ContentLength > bytesMax) throw TooLarge();
        var capacity = (int)Math.Min(request.ContentLength ?? UnknownLengthBytes, PromisedBytesMax);
        var body = new RequestBody(ArrayPool<byte>.Shared.Rent(Math.Max(capacity, 1)), lease);
        try
        {
            body.Length = await body.FillAsync(context, bytesMax);
            var isForm = UrlEncodedForm.IsForm(request, body._bytes.AsSpan(0, body.Length));
            if (isForm) body.ParseForm();
            else body.Parse(body.Length);
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _document?.Dispose();
        _document = null;
        _form?.Dispose();
        _form = null;
        if (_bytes is { } bytes) ArrayPool<byte>.Shared.Return(bytes);
        _bytes = null;
    }

    private static ApiException TooLarge() => new(413, "Request entity too large.");

    private async ValueTask<int> FillAsync(HttpContext context, long bytesMax)
    {
        var reader = context.Request.BodyReader;
        var count = 0;
        while (true)
        {
            var result = await reader.ReadAsync(context.RequestAborted);
            var sequence = result.Buffer;
            try
            {
                if (count + sequence.Length > bytesMax) throw TooLarge();
                Reserve(count, (int)sequence.Length);
            }
            catch (ApiException)
            {
                // What was read is given back, so that the server can drain the rest and the client reads the answer.
                reader.AdvanceTo(sequence.End);
                throw;
            }

            sequence.CopyTo(_bytes.AsSpan(count));
            count += (int)sequence.Length;
            reader.AdvanceTo(sequence.End);
            if (result.IsCompleted) return count;
        }
    }

    private void Reserve(int count, int more)
    {
        if (count + more <= _bytes!.Length) return;
        var size = Math.Max(count + more, _bytes.Length * 2);
        _lease!.Take(size - Math.Min(_bytes.Length, size));
        var larger = ArrayPool<byte>.Shared.Rent(size);
        _bytes.AsSpan(0, count).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }

    private void ParseForm()
    {
        try
        {
            var json = UrlEncodedForm.ToJson(_bytes.AsSpan(0, Length));
            _document = JsonDocument.Parse(json);
            Length = json.Length;
        }
        catch (Exception damage) when (damage is InvalidDataException or JsonException)
        {
            throw ApiException.BadField(Malformed, "body", "validation_invalid_form", "Is no form that can be read.");
        }
    }

    private void Parse(int count)
    {
        if (count == 0) return;
        try
        {
            _document = JsonDocument.Parse(_bytes.AsMemory(0, count));
        }
        catch (JsonException error)
        {
            var where = string.Create(
                CultureInfo.InvariantCulture,
                $"Invalid JSON at line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}.");
            throw ApiException.BadField(Malformed, "body", "validation_invalid_json", where);
        }

        if (!UnicodeText.IsValid(_bytes.AsSpan(0, count)))
            throw ApiException.BadField(Malformed, "body", "validation_invalid_json", "Must be valid Unicode.");
        if (_document.RootElement.ValueKind != JsonValueKind.Object)
            throw ApiException.BadField(Malformed, "body", "validation_invalid_json", "Must be a JSON object.");
    }
}
