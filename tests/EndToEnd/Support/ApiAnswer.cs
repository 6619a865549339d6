using System.Net;
using System.Text.Json;

namespace Platform.EndToEnd.Tests.Support;

/// <summary>An answer with its body read to the end.</summary>
internal sealed record ApiAnswer(HttpStatusCode Status, string Text, TimeSpan? RetryAfter)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Text);

    /// <summary>The sentence of a refusal.</summary>
    public string Message => Json.GetProperty("message").GetString()!;

    public string Id => Json.GetProperty("id").GetString()!;

    /// <summary>Itself when it is a success, an exception with the whole answer when not.</summary>
    public ApiAnswer Expect(HttpStatusCode status) => Status == status
        ? this
        : throw new InvalidOperationException($"expected {(int)status}, got {(int)Status}: {Text}");
}
