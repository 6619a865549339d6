using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Testing.Processes;

namespace Platform.Differential.Tests.Support;

/// <summary>One of the two servers, with the tokens of those who signed in.</summary>
internal sealed class Peer(string name, Uri url) : IDisposable
{
    private readonly HttpClient _client = LoopbackHttp.Create(url);
    private readonly Dictionary<string, string> _tokens = [];
    private long _busyTicks;

    public string Name => name;

    public Uri Url => url;

    public HttpClient Client => _client;

    /// <summary>The time of all its answers together.</summary>
    public TimeSpan Busy => TimeSpan.FromTicks(Interlocked.Read(ref _busyTicks));

    public void SetToken(string who, string token) => _tokens[who] = token;

    public string Token(string who) => _tokens[who];

    public Task<PeerAnswer> SendAsync(ApiCall call)
    {
        var content = call.Body is null
            ? null
            : new StringContent(call.Body, Encoding.UTF8, MediaTypeHeaderValue.Parse("application/json"));
        return SendAsync(call.Method, call.Path, content, call.As);
    }

    public async Task<PeerAnswer> SendAsync(string method, string path, HttpContent? content, string? who)
    {
        // A path is sent as it is written: the parser of Uri would tidy it.
        var address = new Uri(url, path);
        using var request = new HttpRequestMessage(new HttpMethod(method), address) { Content = content };
        if (who is not null) request.Headers.TryAddWithoutValidation("Authorization", _tokens[who]);
        var started = Stopwatch.GetTimestamp();
        using var response = await _client.SendAsync(request);
        Interlocked.Add(ref _busyTicks, Stopwatch.GetElapsedTime(started).Ticks);
        var headers = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        return new PeerAnswer(
            (int)response.StatusCode,
            response.Content.Headers.ContentType?.ToString(),
            headers,
            await response.Content.ReadAsByteArrayAsync());
    }

    /// <summary>A request that must succeed.</summary>
    public async Task<JsonNode?> MustAsync(ApiCall call)
    {
        var answer = await SendAsync(call);
        return answer.Status is >= 200 and < 300
            ? answer.Json
            : throw new InvalidOperationException($"{name}: {call}\n{answer}");
    }

    /// <summary>Signs in and keeps the token under <paramref name="who"/>.</summary>
    public async Task SignInAsync(string who, string path, string identity, string password)
    {
        var body = JsonSerializer.Serialize(new { identity, password });
        var answer = await MustAsync(new ApiCall("POST", path, body, As: null));
        SetToken(who, answer!["token"]!.GetValue<string>());
    }

    public void Dispose() => _client.Dispose();
}
