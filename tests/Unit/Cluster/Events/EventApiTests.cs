using System.Net.Http.Headers;
using Platform.Cluster.Events;
using Platform.Cluster.Tests.Support;
using Platform.Testing;

namespace Platform.Cluster.Tests.Events;

public sealed class EventApiTests : IAsyncLifetime
{
    private NodeFixture _node = null!;

    public async Task InitializeAsync() => _node = await NodeFixture.StartAsync();

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task The_life_of_a_tenant_is_listed_and_filtered()
    {
        await _node.SendAsync("POST", "/api/cp/tenants", """{"id":"acme"}""");
        await _node.SendAsync("POST", "/api/cp/tenants", """{"id":"other"}""");
        await _node.SendAsync("PUT", "/api/cp/tenants/acme", """{"metadata":{"a":"b"}}""");
        await _node.SendAsync("DELETE", "/api/cp/tenants/acme");
        await _node.SendAsync("POST", "/api/cp/tenants/acme/restore");
        await _node.SendAsync("POST", "/api/cp/tenants/acme/clone", """{"into":"copy"}""");
        await _node.SendAsync("DELETE", "/api/cp/tenants/acme");
        await _node.SendAsync("DELETE", "/api/cp/tenants/acme?purge=true");

        string[] expected =
        [
            EventKinds.TenantCreated, EventKinds.TenantChanged, EventKinds.TenantDeleted, EventKinds.TenantRestored,
            EventKinds.TenantDeleted, EventKinds.TenantPurged,
        ];
        await Eventually.TrueAsync(async () => (await KindsAsync("tenant=acme&kinds=tenant")).SequenceEqual(expected));
        Assert.Equal([EventKinds.TenantCreated], await KindsAsync("tenant=copy&kinds=tenant"));
        Assert.Equal([EventKinds.TenantPurged], await KindsAsync("kinds=tenant.purged,node.down"));
        Assert.Equal([EventKinds.TenantPurged], await KindsAsync("limit=1&kinds=tenant"));
    }

    [Fact]
    public async Task A_follower_that_comes_again_with_its_last_id_misses_nothing()
    {
        await _node.SendAsync("POST", "/api/cp/tenants", """{"id":"one"}""");
        await Eventually.TrueAsync(async () => (await KindsAsync("tenant=one&kinds=tenant")).Count == 1);
        string last;
        using (var follower = await FollowAsync("kinds=tenant.created", lastId: null))
        {
            await _node.SendAsync("POST", "/api/cp/tenants", """{"id":"two"}""");
            var (id, data) = await follower.NextAsync();
            Assert.Contains("\"tenant\":\"two\"", data, StringComparison.Ordinal);
            last = id;
        }

        await _node.SendAsync("POST", "/api/cp/tenants", """{"id":"three"}""");
        using var again = await FollowAsync("kinds=tenant.created", last);
        Assert.Contains("\"tenant\":\"three\"", (await again.NextAsync()).Data, StringComparison.Ordinal);
        await _node.SendAsync("POST", "/api/cp/tenants", """{"id":"four"}""");
        Assert.Contains("\"tenant\":\"four\"", (await again.NextAsync()).Data, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kinds=node.exploded", "kinds")]
    [InlineData("after=yesterday", "after")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=1001", "limit")]
    [InlineData("kind=node", "kind")]
    public async Task What_cannot_be_asked_for_is_refused_at_its_field(string query, string field)
    {
        var (status, body) = await _node.SendAsync("GET", "/api/cp/events?" + query);
        Assert.Equal(400, status);
        Assert.True(body.GetProperty("data").TryGetProperty(field, out _), body.ToString());
    }

    [Fact]
    public async Task Without_the_token_there_are_no_events() =>
        Assert.Equal(401, (await _node.SendAsync("GET", "/api/cp/events", token: null)).Status);

    private async Task<List<string>> KindsAsync(string query) =>
    [
        .. (await _node.SendAsync("GET", "/api/cp/events?" + query)).Body.GetProperty("items").EnumerateArray()
            .Select(item => item.GetProperty("kind").GetString()!),
    ];

    private async Task<Follower> FollowAsync(string query, string? lastId)
    {
        var client = new HttpClient { BaseAddress = _node.Node.PublicUrl };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _node.Token);
        client.DefaultRequestHeaders.Accept.ParseAdd("text/event-stream");
        if (lastId is not null) client.DefaultRequestHeaders.Add("Last-Event-ID", lastId);
        var reader = new StreamReader(await client.GetStreamAsync("/api/cp/events?" + query));

        // The first line comes when the follower has its place.
        Assert.Equal("retry: 1000", await reader.ReadLineAsync());
        return new Follower(client, reader);
    }

    private sealed class Follower(HttpClient client, StreamReader reader) : IDisposable
    {
        public async Task<(string Id, string Data)> NextAsync()
        {
            var id = "";
            using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while (await reader.ReadLineAsync(late.Token) is { } line)
            {
                if (line.StartsWith("id: ", StringComparison.Ordinal)) id = line[4..];
                if (line.StartsWith("data: ", StringComparison.Ordinal)) return (id, line[6..]);
            }

            throw new InvalidOperationException("The stream ended.");
        }

        public void Dispose()
        {
            reader.Dispose();
            client.Dispose();
        }
    }
}
