using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Platform.Conformance.Tests.Contract;

/// <summary>A client of the realtime endpoint with its subscriptions.</summary>
internal sealed class EventListener : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private EventListener(HttpResponseMessage response, StreamReader reader)
    {
        _response = response;
        _reader = reader;
    }

    public string Id { get; private set; } = "";

    public static async Task<EventListener> OpenAsync(HttpClient client, string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/realtime") { Headers = { Host = host } };
        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(new MediaTypeHeaderValue("text/event-stream"), response.Content.Headers.ContentType);
        var listener = new EventListener(response, new StreamReader(await response.Content.ReadAsStreamAsync()));
        var (name, data) = await listener.NextAsync();
        Assert.Equal("PB_CONNECT", name);
        listener.Id = data["clientId"]!.GetValue<string>();
        return listener;
    }

    /// <summary>All events up to the one of that topic.</summary>
    public async Task<List<(string Topic, JsonNode Data)>> ReadToAsync(string topic)
    {
        var events = new List<(string, JsonNode)>();
        while (true)
        {
            var (name, data) = await NextAsync();
            if (name == topic) return events;
            events.Add((name, data));
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        _response.Dispose();
    }

    private async Task<(string Name, JsonNode Data)> NextAsync()
    {
        var (name, data) = ("", "");
        while (await _reader.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            if (line.StartsWith("event:", StringComparison.Ordinal)) name = line[6..].Trim();
            else if (line.StartsWith("data:", StringComparison.Ordinal)) data = line[5..];
            else if (line.Length == 0) return (name, JsonNode.Parse(data)!);
        }

        throw new InvalidDataException("The stream of events has ended.");
    }
}
