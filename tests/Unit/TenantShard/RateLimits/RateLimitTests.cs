using System.Net;
using System.Text.Json.Nodes;
using Platform.TenantShard.RateLimits;
using Platform.TenantShard.Tests.Auth;
using Platform.TenantShard.Tests.Http;

namespace Platform.TenantShard.Tests.RateLimits;

public sealed class RateLimitTests
{
    [Theory]
    [InlineData("users", "auth", "POST", "/api/x", "users:auth")]
    [InlineData("clients", "auth", "POST", "/api/x", "*:auth")]
    [InlineData("users", "create", "POST", "/api/collections/users/records", "/api/")]
    [InlineData(null, null, "POST", "/api/batch", "POST /api/batch")]
    [InlineData(null, null, "GET", "/api/batch", "/api/batch")]
    [InlineData(null, null, "POST", "/api/files/token", "POST /api/files/")]
    [InlineData(null, null, "GET", "/api/files/a/b/c", "/api/")]
    [InlineData(null, null, "GET", "/other", null)]
    [InlineData(null, null, "GET", "/api", null)]
    public void The_most_exact_rule_counts(string? collection, string? tag, string method, string path, string? label)
    {
        var rules = Rules("/api/", "/api/batch", "POST /api/batch", "POST /api/files/", "*:auth", "users:auth");

        var found = rules.Find(collection, tag is null ? [] : [tag], method, path, isGuest: true);

        Assert.Equal(label, found?.Key);
    }

    [Fact]
    public void A_rule_is_for_its_audience()
    {
        var rules = RateLimitRules.From(JsonNode.Parse("""
            {"enabled":true,"excludedIPs":[],"rules":[
              {"label":"/a","audience":"@guest","duration":1,"maxRequests":1},
              {"label":"/a","audience":"@auth","duration":1,"maxRequests":1},
              {"label":"/b","audience":"@auth","duration":1,"maxRequests":1}]}
            """)!.AsObject())!;

        Assert.Equal("/a@guest", rules.Find(null, [], "GET", "/a", isGuest: true)?.Key);
        Assert.Equal("/a@auth", rules.Find(null, [], "GET", "/a", isGuest: false)?.Key);
        Assert.Null(rules.Find(null, [], "GET", "/b", isGuest: true));
    }

    [Fact]
    public void Switched_off_rules_are_no_rules()
    {
        Assert.Null(RateLimitRules.From(JsonNode.Parse("""{"enabled":false,"rules":[],"excludedIPs":[]}""")!.AsObject()));
    }

    [Fact]
    public void A_window_begins_with_the_first_request_and_ends_after_its_time()
    {
        var clock = new ManualClock();
        var limiter = new RateLimiter(clock);
        var rule = Rule(maxRequests: 2, seconds: 10);

        Assert.True(limiter.TryTake(rule, "", One, out _));
        clock.Advance(TimeSpan.FromSeconds(9));
        Assert.True(limiter.TryTake(rule, "", One, out _));
        Assert.False(limiter.TryTake(rule, "", One, out var wait));
        Assert.Equal(TimeSpan.FromSeconds(1), wait);
        Assert.True(limiter.TryTake(rule, "posts", One, out _));
        Assert.True(limiter.TryTake(rule, "", IPAddress.Parse("10.0.0.2"), out _));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(limiter.TryTake(rule, "", One, out _));
    }

    [Fact]
    public void Addresses_of_one_IPv6_network_are_one_client()
    {
        var limiter = new RateLimiter(new ManualClock());
        var rule = Rule(maxRequests: 1, seconds: 10);

        Assert.True(limiter.TryTake(rule, "", IPAddress.Parse("2001:db8:1:2::1"), out _));
        Assert.False(limiter.TryTake(rule, "", IPAddress.Parse("2001:db8:1:2:ffff::9"), out _));
        Assert.True(limiter.TryTake(rule, "", IPAddress.Parse("2001:db8:1:3::1"), out _));
    }

    [Fact]
    public void Counters_are_bounded_and_those_whose_time_is_over_go_first()
    {
        var clock = new ManualClock();
        var limiter = new RateLimiter(clock);
        for (var index = 0; index < RateLimiter.CountersMax - 1; index++)
            limiter.TryTake(Rule(1, seconds: 1), "", new IPAddress(index), out _);
        var slow = Rule(1, seconds: 100);
        limiter.TryTake(slow, "", One, out _);
        clock.Advance(TimeSpan.FromSeconds(2));

        Assert.True(limiter.TryTake(slow, "", IPAddress.Parse("10.0.0.2"), out _));

        Assert.False(limiter.TryTake(slow, "", One, out _));
        for (var index = 0; index < RateLimiter.CountersMax; index++) limiter.TryTake(slow, "x", new IPAddress(index), out _);
        Assert.True(limiter.TryTake(slow, "", One, out _));
    }

    [Fact]
    public async Task Every_tag_is_that_of_a_route()
    {
        await using var server = await ApiServer.StartAsync();
        var root = await server.SuperuserTokenAsync();
        var routes = RateLimitTags.Routes.Select(route => route.Split(' ')).ToList();
        var rules = routes.Select(route => RateLimitTags.Of(route[0], route[1])[0])
            .Select(tag => $$"""{"label":"users:{{tag}}","audience":"","duration":60,"maxRequests":1}""");
        await SetAsync(server, root, $$"""{"enabled":true,"rules":[{{string.Join(',', rules)}}]}""");

        foreach (var route in routes)
        {
            var path = route[1].Replace("{collection}", "users", StringComparison.Ordinal);
            var body = route[0] == "GET" ? null : "{}";
            Assert.NotEqual(429, (await server.SendAsync(route[0], path, body)).Status);
            Assert.Equal(429, (await server.SendAsync(route[0], path, body)).Status);
        }
    }

    [Fact]
    public async Task Requests_over_the_limit_are_refused_but_not_those_of_superusers_and_excluded_addresses()
    {
        await using var server = await ApiServer.StartAsync();
        var root = await server.SuperuserTokenAsync();
        await SetAsync(server, root, """
            {"enabled":true,"rules":[{"label":"/api/health","audience":"","duration":60,"maxRequests":2},
              {"label":"*:auth","audience":"@guest","duration":60,"maxRequests":1}]}
            """);

        Assert.Equal(200, (await server.SendAsync("GET", "/api/health")).Status);
        Assert.Equal(200, (await server.SendAsync("GET", "/api/health")).Status);
        var refused = await server.SendAsync("GET", "/api/health");
        Assert.Equal(429, refused.Status);
        Assert.Equal("""{"data":{},"message":"Too Many Requests.","status":429}""", refused.Body);
        Assert.Contains("Retry-After: 60", refused.Headers, StringComparison.Ordinal);
        Assert.Equal(200, (await server.SendAsync("GET", "/api/health", token: root)).Status);

        const string Login = """{"identity":"a@example.com","password":"wrong-password"}""";
        const string Users = "/api/collections/users/auth-with-password";
        Assert.Equal(400, (await server.SendAsync("POST", Users, Login)).Status);
        Assert.Equal(429, (await server.SendAsync("POST", "/api/collections/_pb_users_auth_/auth-with-password", Login)).Status);
        Assert.Equal(400, (await server.SendAsync("POST", "/api/collections/_superusers/auth-with-password", Login)).Status);

        await SetAsync(server, root, """{"excludedIPs":["127.0.0.0/8"]}""");
        Assert.Equal(200, (await server.SendAsync("GET", "/api/health")).Status);
        Assert.Equal(400, (await server.SendAsync("POST", Users, Login)).Status);
    }

    [Fact]
    public async Task Paths_that_do_not_exist_count_too()
    {
        await using var server = await ApiServer.StartAsync();
        var root = await server.SuperuserTokenAsync();
        await SetAsync(
            server, root, """{"enabled":true,"rules":[{"label":"/api/","audience":"","duration":60,"maxRequests":1}]}""");

        Assert.Equal(404, (await server.SendAsync("GET", "/api/nothing")).Status);
        Assert.Equal(429, (await server.SendAsync("GET", "/api/nothing")).Status);
        Assert.Equal(404, (await server.SendAsync("GET", "/elsewhere")).Status);
    }

    private static readonly IPAddress One = IPAddress.Parse("10.0.0.1");

    private static RateLimitRule Rule(int maxRequests, int seconds) => RateLimitRule.From(JsonNode.Parse(
        $$"""{"label":"/r{{seconds}}","audience":"","duration":{{seconds}},"maxRequests":{{maxRequests}}}""")!.AsObject());

    private static RateLimitRules Rules(params string[] labels)
    {
        var rules = labels.Select(label => $$"""{"label":"{{label}}","audience":"","duration":1,"maxRequests":1}""");
        return RateLimitRules.From(JsonNode.Parse(
            $$"""{"enabled":true,"excludedIPs":[],"rules":[{{string.Join(',', rules)}}]}""")!.AsObject())!;
    }

    private static async Task SetAsync(ApiServer server, string root, string limits)
    {
        var answer = await server.SendAsync("PATCH", "/api/settings", $$"""{"rateLimits":{{limits}}}""", root);
        Assert.True(answer.Status == 200, answer.Body);
    }
}
