using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Platform.Conformance.Tests.Contract;

/// <summary>What the platform answered.</summary>
internal sealed class Answer
{
    private readonly HttpResponseHeaders _headers;
    private readonly HttpContentHeaders _contentHeaders;

    private Answer(HttpResponseMessage response, byte[] body)
    {
        Status = (int)response.StatusCode;
        _headers = response.Headers;
        _contentHeaders = response.Content.Headers;
        Body = body;
        Text = Encoding.UTF8.GetString(body);
        if (_contentHeaders.ContentType?.MediaType == "application/json" && body.Length > 0) Json = Parse(Text);
    }

    public int Status { get; }

    public byte[] Body { get; }

    public string Text { get; }

    public JsonNode? Json { get; }

    public static async Task<Answer> ReadAsync(HttpResponseMessage response) =>
        new(response, await response.Content.ReadAsByteArrayAsync());

    /// <summary>A header, or null.</summary>
    public string? Header(string name) =>
        _headers.TryGetValues(name, out var values) || _contentHeaders.TryGetValues(name, out values)
            ? string.Join(", ", values)
            : null;

    /// <summary>A member by its path, such as <c>items.0.id</c>, as text.</summary>
    public string Find(string path)
    {
        var node = path.Split('.').Aggregate(Json, (node, part) => node switch
        {
            JsonArray list => list[int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)],
            JsonObject members => members[part],
            _ => null,
        });
        return node is null
            ? throw new InvalidDataException($"The answer has no {path}: {Text}")
            : node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : node.ToJsonString();
    }

    private static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"An answer that calls itself JSON is none: {text}", error);
        }
    }
}
