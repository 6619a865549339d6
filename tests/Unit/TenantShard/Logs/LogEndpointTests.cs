using System.Text.Json;
using Platform.TenantShard.Tests.Http;

namespace Platform.TenantShard.Tests.Logs;

public sealed class LogEndpointTests
{
    [Fact]
    public async Task Requests_are_listed_with_what_is_known_of_them()
    {
        await using var server = await ApiServer.StartAsync();
        var root = await server.SuperuserTokenAsync();
        server.Client.DefaultRequestHeaders.UserAgent.ParseAdd("tests/1.0");
        await server.SendAsync("GET", "/api/health?token=secret&a=1");
        await server.SendAsync("GET", "/api/collections", token: root);
        await server.SendAsync("GET", "/api/collections");

        var page = (await server.SendAsync("GET", "/api/logs?sort=-@rowid&perPage=2", token: root)).Json;

        Assert.Equal((4, 2, 1), (Number(page, "totalItems"), Number(page, "totalPages"), Number(page, "page")));
        var refused = page.GetProperty("items")[0];
        Assert.Equal((8, "GET /api/collections"), (Number(refused, "level"), refused.GetProperty("message").GetString()));
        Assert.Equal(401, Number(refused.GetProperty("data"), "status"));
        Assert.Contains("authorization token", refused.GetProperty("data").GetProperty("error").GetString());
        var served = page.GetProperty("items")[1].GetProperty("data");
        Assert.Equal("_superusers", served.GetProperty("auth").GetString());
        Assert.False(served.TryGetProperty("authId", out _));
        Assert.Equal("127.0.0.1", served.GetProperty("userIP").GetString());
        Assert.Equal("tests/1.0", served.GetProperty("userAgent").GetString());
        Assert.True(served.GetProperty("execTime").GetDouble() > 0);

        var health = (await server.SendAsync("GET", "/api/logs?filter=(data.url~'health')", token: root)).Json
            .GetProperty("items")[0];
        Assert.Equal("GET /api/health?token=***&a=1", health.GetProperty("message").GetString());
        var id = health.GetProperty("id").GetString();
        var one = await server.SendAsync("GET", $"/api/logs/{id}", token: root);
        Assert.Equal(health.GetRawText(), one.Body);
        Assert.Equal(404, (await server.SendAsync("GET", "/api/logs/unknown", token: root)).Status);
    }

    [Theory]
    [InlineData("filter=data.status>=400", 1)]
    [InlineData("filter=level>0", 1)]
    [InlineData("filter=message~'health'", 2)]
    [InlineData("filter=created>'2000-01-01'%26%26data.auth=''", 3)]
    [InlineData("filter=created<'2000-01-01'", 0)]
    [InlineData("sort=-rowid,level,-data.status,@random&perPage=1", 4)]
    public async Task Entries_are_found_by_their_fields(string query, int total)
    {
        await using var server = await ApiServer.StartAsync();
        var root = await server.SuperuserTokenAsync();
        foreach (var path in new[] { "/api/health", "/api/health", "/api/nothing" }) await server.SendAsync("GET", path);

        var answer = await server.SendAsync("GET", "/api/logs?" + query, token: root);

        Assert.True(answer.Status == 200, answer.Body);
        Assert.Equal(total, Number(answer.Json, "totalItems"));
    }

    [Fact]
    public async Task Mistakes_and_others_than_superusers_are_refused()
    {
        await using var server = await ApiServer.StartAsync();
        var root = await server.SuperuserTokenAsync();

        Assert.Equal(400, (await server.SendAsync("GET", "/api/logs?filter=nothing=1", token: root)).Status);
        Assert.Equal(400, (await server.SendAsync("GET", "/api/logs?sort=nothing", token: root)).Status);
        foreach (var path in new[] { "/api/logs", "/api/logs/stats", "/api/logs/x" })
            Assert.Equal(401, (await server.SendAsync("GET", path)).Status);
    }

    [Fact]
    public async Task Hours_are_counted()
    {
        await using var server = await ApiServer.StartAsync();
        var root = await server.SuperuserTokenAsync();
        await server.SendAsync("GET", "/api/nothing");

        var all = (await server.SendAsync("GET", "/api/logs/stats", token: root)).Json;
        var errors = (await server.SendAsync("GET", "/api/logs/stats?filter=level>0", token: root)).Json;

        Assert.Equal(2, all.EnumerateArray().Sum(hour => Number(hour, "total")));
        Assert.Equal(1, errors.EnumerateArray().Sum(hour => Number(hour, "total")));
        Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:00:00\.000Z$", errors[0].GetProperty("date").GetString());
    }

    [Theory]
    [InlineData("""{"maxDays":0}""", 0)]
    [InlineData("""{"minLevel":8}""", 1)]
    [InlineData("""{"logIP":false,"logAuthId":true}""", 2)]
    public async Task Settings_say_what_is_written_down(string logs, int total)
    {
        await using var server = await ApiServer.StartAsync();
        var root = await server.SuperuserTokenAsync();
        await server.SendAsync("PATCH", "/api/settings", $$"""{"logs":{{logs}}}""", root);
        await server.SendAsync("GET", "/api/settings", token: root);
        await server.SendAsync("GET", "/api/nothing");

        // The change itself is judged by what was set when it came.
        var answer = await server.SendAsync("GET", "/api/logs?filter=message!~'auth-with'%26%26message!~'PATCH'", token: root);

        Assert.Equal(total, Number(answer.Json, "totalItems"));
        if (!logs.Contains("logIP", StringComparison.Ordinal)) return;
        Assert.DoesNotContain("IP\"", answer.Body, StringComparison.Ordinal);
        Assert.Contains("\"authId\":", answer.Body, StringComparison.Ordinal);
    }

    private static int Number(JsonElement element, string member) => element.GetProperty(member).GetInt32();
}
