using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Files;
using Platform.TenantShard.Files.Forms;
using Platform.TenantShard.Records.Codecs;

namespace Platform.TenantShard.Batch;

/// <summary>Reads <c>{"requests": [{"method", "url", "headers", "body"}]}</c> and the files of its form.</summary>
internal static class BatchReader
{
    private const string Invalid = "Invalid batch request data.";
    private const int UrlLengthMax = 4000;

    /// <exception cref="ApiException">400: it is no such list, or too long.</exception>
    public static IReadOnlyList<BatchRequest> Read(
        JsonElement body, IReadOnlyList<UploadedFile> files, BatchLimits limits)
    {
        var errors = new FieldErrorTree();
        var requests = new List<BatchRequest>();
        if (!TryFind(body, "requests", out var list)) errors.AddRequired("requests");
        else if (list.ValueKind != JsonValueKind.Array) errors.AddWrongType("requests", "a list");
        else if (list.GetArrayLength() == 0) errors.AddRequired("requests");
        else if (list.GetArrayLength() > limits.RequestsMax) AddTooMany(errors, limits.RequestsMax);
        else
        {
            foreach (var item in list.EnumerateArray())
            {
                var request = ReadOne(item, requests.Count, files, errors.At("requests").At(requests.Count));
                requests.Add(request);
            }
        }

        errors.ThrowIfAny(Invalid);
        return requests;
    }

    private static BatchRequest ReadOne(
        JsonElement item, int index, IReadOnlyList<UploadedFile> files, FieldErrorTree errors)
    {
        var method = ReadText(item, "method", errors);
        var url = ReadText(item, "url", errors);
        if (url.Length > UrlLengthMax) errors.AddLength("url", 1, UrlLengthMax);
        var mark = url.IndexOf('?', StringComparison.Ordinal);
        return new BatchRequest(
            method.ToUpperInvariant(),
            mark < 0 ? url : url[..mark],
            mark < 0 ? QueryString.Empty : new QueryString(url[mark..]),
            ReadObject(item, "headers", errors),
            ReadObject(item, "body", errors),
            FilesOf(index, files));
    }

    private static List<UploadedFile> FilesOf(int index, IReadOnlyList<UploadedFile> files)
    {
        if (files.Count == 0) return [];
        var number = index.ToString(CultureInfo.InvariantCulture);
        return
        [
            .. RecordFiles.Under($"requests.{number}.", files),
            .. RecordFiles.Under($"requests[{number}].", files),
        ];
    }

    private static string ReadText(JsonElement item, string name, FieldErrorTree errors)
    {
        if (!TryFind(item, name, out var value))
        {
            errors.AddRequired(name);
            return "";
        }

        if (value.ValueKind == JsonValueKind.String && TextCast.TryRead(value, out var text)) return text;
        errors.AddWrongType(name, "a text");
        return "";
    }

    private static JsonElement ReadObject(JsonElement item, string name, FieldErrorTree errors)
    {
        if (!TryFind(item, name, out var value)) return default;
        if (value.ValueKind == JsonValueKind.Object) return value;
        errors.AddWrongType(name, "an object");
        return default;
    }

    private static bool TryFind(JsonElement item, string name, out JsonElement value)
    {
        value = default;
        return item.ValueKind == JsonValueKind.Object
            && item.TryGetProperty(name, out value)
            && value.ValueKind != JsonValueKind.Null;
    }

    private static void AddTooMany(FieldErrorTree errors, int max) => errors.AddLength("requests", 0, max);
}
