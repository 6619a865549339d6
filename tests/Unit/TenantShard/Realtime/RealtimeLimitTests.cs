using Platform.TenantShard.Http;
using Platform.TenantShard.Realtime;
using Platform.TenantShard.Tests.Http;
using Platform.Testing;

namespace Platform.TenantShard.Tests.Realtime;

public sealed class RealtimeLimitTests : IAsyncLifetime
{
    private readonly TimerClock _clock = new();
    private ApiServer _server = null!;
    private string _root = "";

    public async Task InitializeAsync()
    {
        var options = new TenantApiOptions
        {
            Realtime = new RealtimeOptions { ClientsMax = 3, SubscriptionsMax = 4, TenantSubscriptionsMax = 6 },
        };
        _server = await ApiServer.StartAsync(new TestShard(clock: _clock), options);
        _root = await _server.SuperuserTokenAsync();
        await _server.CreateCollectionAsync("""{"name":"notes","type":"base","listRule":"","fields":[{"type":"text","name":"text"}]}""");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_connection_without_messages_ends_after_five_minutes()
    {
        using var stream = await OpenAsync();
        _clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        await NoteAsync(stream);
        _clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        await NoteAsync(stream);
        // The wait after a message begins a moment after it was read here, perhaps after the clock was moved. Three times
        // five minutes are too few for the other limit.
        var ended = stream.NextAsync();
        for (var count = 0; count < 3 && !ended.IsCompleted; count++)
        {
            _clock.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(1));
            await Task.WhenAny(ended, Task.Delay(TimeSpan.FromSeconds(2)));
        }

        Assert.True(ended.IsCompleted);
        Assert.Null(await ended);
    }

    [Fact]
    public async Task A_connection_with_messages_ends_after_half_an_hour()
    {
        using var stream = await OpenAsync();
        for (var passed = 0; passed < 28; passed += 4)
        {
            _clock.Advance(TimeSpan.FromMinutes(4));
            await NoteAsync(stream);
        }

        _clock.Advance(TimeSpan.FromMinutes(2) + TimeSpan.FromSeconds(1));
        Assert.Null(await stream.NextAsync());
    }

    [Fact]
    public async Task Connections_and_subscriptions_are_limited()
    {
        var streams = new List<EventStream>();
        for (var count = 0; count < 3; count++) streams.Add(await EventStream.OpenAsync(_server.Client));
        using (var refused = await _server.Client.GetAsync("/api/realtime"))
            Assert.Equal(429, (int)refused.StatusCode);
        Assert.Equal(400, await streams[0].SubscribeAsync(null, "a", "b", "c", "d", "e"));
        Assert.Equal(204, await streams[0].SubscribeAsync(null, "a", "b", "c", "d"));
        Assert.Equal(429, await streams[1].SubscribeAsync(null, "a", "b", "c"));
        Assert.Equal(204, await streams[1].SubscribeAsync(null, "a", "b"));
        streams[0].Dispose();
        await Eventually.TrueAsync(async () => await streams[2].SubscribeAsync(null, "a", "b", "c") == 204);
        foreach (var stream in streams) stream.Dispose();
    }

    private async Task<EventStream> OpenAsync()
    {
        var stream = await EventStream.OpenAsync(_server.Client);
        Assert.Equal(204, await stream.SubscribeAsync(null, "notes/*"));
        return stream;
    }

    private async Task NoteAsync(EventStream stream)
    {
        // The token's own life counts by the same clock; it lasts for days.
        var id = await _server.CreateAsync("notes", "{}", _root);
        await stream.ExpectAsync("notes/*", "create", id);
    }
}
