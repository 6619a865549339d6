using System.Net.Http.Json;
using System.Text.Json;

namespace Platform.TenantShard.Tests.Realtime;

/// <summary>A client of <c>/api/realtime</c>.</summary>
internal sealed class EventStream : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;
    private readonly HttpClient _client;

    private EventStream(HttpClient client, HttpResponseMessage response, StreamReader reader)
    {
        _client = client;
        _response = response;
        _reader = reader;
    }

    public string Id { get; private set; } = "";

    public static async Task<EventStream> OpenAsync(HttpClient client)
    {
        var response = await client.GetAsync("/api/realtime", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        var stream = new EventStream(client, response, new StreamReader(await response.Content.ReadAsStreamAsync()));
        var first = await stream.NextAsync() ?? throw new InvalidOperationException("The stream ended at once.");
        Assert.Equal("PB_CONNECT", first.Name);
        stream.Id = first.Data.GetProperty("clientId").GetString()!;
        Assert.Equal(stream.Id, first.Id);
        return stream;
    }

    public async Task<int> SubscribeAsync(string? token, params string[] topics)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/realtime");
        request.Content = JsonContent.Create(new { clientId = Id, subscriptions = topics });
        if (token is not null) request.Headers.TryAddWithoutValidation("Authorization", token);
        using var response = await _client.SendAsync(request);
        return (int)response.StatusCode;
    }

    /// <summary>The next event; null when the stream has ended.</summary>
    public async Task<StreamEvent?> NextAsync()
    {
        var (id, name, data) = ("", "", "");
        while (await _reader.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            if (line.StartsWith("id:", StringComparison.Ordinal)) id = line[3..];
            else if (line.StartsWith("event:", StringComparison.Ordinal)) name = line[6..];
            else if (line.StartsWith("data:", StringComparison.Ordinal)) data = line[5..];
            else if (line.Length == 0) return new StreamEvent(id, name, JsonDocument.Parse(data).RootElement.Clone());
        }

        return null;
    }

    public async Task ExpectAsync(string name, string action, string recordId)
    {
        var next = await NextAsync();
        Assert.Equal((name, action, recordId), (next?.Name, next?.Action, next?.Record.GetProperty("id").GetString()));
    }

    public void Dispose()
    {
        _reader.Dispose();
        _response.Dispose();
    }
}
