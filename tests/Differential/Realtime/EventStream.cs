using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Platform.Differential.Tests.Support;

namespace Platform.Differential.Tests.Realtime;

/// <summary>A connection to one server's realtime endpoint, with the events in their order.</summary>
internal sealed class EventStream : IAsyncDisposable
{
    /// <summary>How long an event that must come may take.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    private readonly Peer _peer;
    private readonly HttpResponseMessage _response;
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<(string Name, string Data)> _events = Channel.CreateBounded<(string, string)>(1000);
    private readonly Task _reading;

    private EventStream(Peer peer, HttpResponseMessage response)
    {
        _peer = peer;
        _response = response;
        _reading = ReadAsync();
    }

    public string ClientId { get; private set; } = "";

    public static async Task<EventStream> OpenAsync(Peer peer)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(peer.Url, "api/realtime"));
        var response = await peer.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var stream = new EventStream(peer, response);
        var first = await stream.NextAsync(Bound);
        Assert.Equal("PB_CONNECT", first?.Name);
        stream.ClientId = JsonNode.Parse(first!.Value.Data)!["clientId"]!.GetValue<string>();
        return stream;
    }

    public Task<PeerAnswer> SubscribeAsync(string? who, params string[] topics) => _peer.SendAsync(new ApiCall(
        "POST", "api/realtime", JsonSerializer.Serialize(new { clientId = ClientId, subscriptions = topics }), who));

    /// <summary>The next event; null when none came within <paramref name="bound"/>.</summary>
    public async Task<(string Name, string Data)?> NextAsync(TimeSpan bound)
    {
        using var over = new CancellationTokenSource(bound);
        try
        {
            return await _events.Reader.ReadAsync(over.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        _response.Dispose();
        _stop.Dispose();
    }

    private async Task ReadAsync()
    {
        try
        {
            using var reader = new StreamReader(await _response.Content.ReadAsStreamAsync(_stop.Token), Encoding.UTF8);
            var (name, data) = ("", "");
            while (await reader.ReadLineAsync(_stop.Token) is { } line)
            {
                if (line.StartsWith("event:", StringComparison.Ordinal)) name = line[6..].Trim();
                else if (line.StartsWith("data:", StringComparison.Ordinal)) data += line[5..].Trim();
                else if (line.Length == 0 && name.Length > 0)
                {
                    await _events.Writer.WriteAsync((name, data), _stop.Token);
                    (name, data) = ("", "");
                }
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or IOException)
        {
            // The test is over.
        }
    }
}
