using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Platform.Conformance.Tests.Contract;

/// <summary>Builds the HTTP request that a step describes.</summary>
internal static class StepRequest
{
    private static readonly string[] Methods = ["get", "head", "post", "put", "patch", "delete", "options"];

    /// <param name="step">With placeholders.</param>
    /// <param name="fill">Replaces the placeholders of a text.</param>
    public static HttpRequestMessage Build(JsonObject step, Func<string, string> fill)
    {
        var method = MethodOf(step);
        var path = fill(step[method]!.GetValue<string>()) + Query(step["query"] as JsonObject, fill);
        var request = new HttpRequestMessage(new HttpMethod(method.ToUpperInvariant()), path)
        {
            Content = Content(step, fill),
        };
        foreach (var (name, value) in step["headers"] as JsonObject ?? [])
        {
            var text = fill(value!.ToString());
            if (!request.Headers.TryAddWithoutValidation(name, text))
            {
                request.Content!.Headers.Remove(name);
                request.Content.Headers.TryAddWithoutValidation(name, text);
            }
        }

        return request;
    }

    public static string MethodOf(JsonObject step) =>
        Methods.FirstOrDefault(step.ContainsKey) ?? throw new InvalidDataException($"No method: {step.ToJsonString()}");

    /// <summary>The same value with its texts filled in.</summary>
    public static JsonNode? Fill(JsonNode? node, Func<string, string> fill) => node switch
    {
        JsonObject members => new JsonObject(
            members.Select(member => KeyValuePair.Create(fill(member.Key), Fill(member.Value, fill)))),
        JsonArray items => new JsonArray([.. items.Select(item => Fill(item, fill))]),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => JsonValue.Create(fill(value.GetValue<string>())),
        _ => node?.DeepClone(),
    };

    private static string Query(JsonObject? query, Func<string, string> fill) => query is null
        ? ""
        : "?" + string.Join('&', query.Select(
            entry => $"{Uri.EscapeDataString(entry.Key)}={Uri.EscapeDataString(fill(entry.Value?.ToString() ?? ""))}"));

    private static HttpContent? Content(JsonObject step, Func<string, string> fill)
    {
        if (step["form"] is JsonObject form) return Form(form, fill);
        if (!step.ContainsKey("send")) return null;
        var body = step["send"];
        var text = body?.GetValueKind() == JsonValueKind.String
            ? fill(body.GetValue<string>())
            : Fill(body, fill)?.ToJsonString() ?? "null";
        return new StringContent(text, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
    }

    private static MultipartFormDataContent Form(JsonObject form, Func<string, string> fill)
    {
        var content = new MultipartFormDataContent();
        foreach (var (name, value) in form)
            foreach (var part in value is JsonArray several ? [.. several] : new[] { value })
                Add(content, name, part, fill);
        return content;
    }

    private static void Add(MultipartFormDataContent form, string name, JsonNode? part, Func<string, string> fill)
    {
        if (part is JsonObject file && file.ContainsKey("file"))
            form.Add(new ByteArrayContent(SampleFile.Make(file)), name, file["file"]!.GetValue<string>());
        else if (part is JsonObject json)
            form.Add(new StringContent(Fill(json, fill)!.ToJsonString()), name);
        else
            form.Add(new StringContent(fill(Convert.ToString(part, CultureInfo.InvariantCulture) ?? "")), name);
    }
}
