using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Platform.Testing.Processes;

namespace Platform.EndToEnd.Tests.Support;

/// <summary>Requests to one origin, with the token of whoever asks.</summary>
internal sealed class ApiClient(Uri url, string? token = null) : IDisposable
{
    private const int LargeBodyLength = 1024 * 1024;

    private readonly HttpClient _client = LoopbackHttp.Create(url);

    public Uri Url => url;

    public string? Token { get; set; } = token;

    public Task<ApiAnswer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, body: null);

    public Task<ApiAnswer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, body: null);

    public Task<ApiAnswer> PostAsync(string path, object body) => SendAsync(HttpMethod.Post, path, body);

    public Task<ApiAnswer> PatchAsync(string path, object body) => SendAsync(HttpMethod.Patch, path, body);

    /// <param name="method">Any.</param>
    /// <param name="path">Without a slash in front.</param>
    /// <param name="body">Sent as JSON; a string is sent as it is.</param>
    /// <param name="headers">Added to those of every request; Host among them is possible.</param>
    public async Task<ApiAnswer> SendAsync(
        HttpMethod method, string path, object? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (Token is not null) request.Headers.TryAddWithoutValidation("Authorization", Token);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        if (body is not null)
        {
            var text = body as string ?? JsonSerializer.Serialize(body);
            request.Content = new StringContent(text, Encoding.UTF8, MediaTypeHeaderValue.Parse("application/json"));
            // A server may refuse a large body before it has come, and end the connection: then its answer could be lost.
            request.Headers.ExpectContinue = text.Length > LargeBodyLength;
        }

        using var response = await _client.SendAsync(request);
        return new ApiAnswer(
            response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.RetryAfter?.Delta);
    }

    public void Dispose() => _client.Dispose();

    /// <summary>A record of <paramref name="collection"/>, which must be accepted.</summary>
    public async Task<ApiAnswer> CreateRecordAsync(string collection, object record) =>
        (await PostAsync($"api/collections/{collection}/records", record)).Expect(HttpStatusCode.OK);
}
