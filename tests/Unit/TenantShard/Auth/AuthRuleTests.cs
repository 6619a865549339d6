using System.Text.Json;
using Platform.TenantShard.Auth;
using Platform.TenantShard.Tests.Http;

namespace Platform.TenantShard.Tests.Auth;

/// <summary>Auth rules, manage rules and impersonation.</summary>
public sealed class AuthRuleTests : IAsyncLifetime
{
    private const string Members = "/api/collections/members";
    private const string Password = "first password";

    private readonly ManualClock _clock = new();
    private readonly Dictionary<string, string> _ids = [];
    private ApiServer _server = null!;
    private string _root = "";

    public async Task InitializeAsync()
    {
        _server = await ApiServer.StartAsync(new TestShard(clock: _clock));
        _root = await _server.SuperuserTokenAsync();
        await _server.CreateCollectionAsync("""
            {"name":"members","type":"auth","authRule":"verified = true","createRule":"","updateRule":"","viewRule":"",
             "manageRule":"@request.auth.role = 'manager'","fields":[{"type":"text","name":"role"}]}
            """);
        foreach (var (name, role, verified) in new[] { ("ann", "manager", true), ("bob", "", true), ("new", "", false) })
            _ids[name] = await _server.CreateAsync("members", Body(name, role, verified), _root);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Only_records_that_meet_the_auth_rule_log_in()
    {
        Assert.Equal(200, (await LoginAsync("ann")).Status);
        var refused = await LoginAsync("new");
        Assert.Equal(403, refused.Status);
        Assert.Contains("requirements to authenticate", refused.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_that_meets_the_auth_rule_no_longer_is_not_refreshed()
    {
        var token = await TokenAsync("bob");
        Assert.Equal(200, (await _server.SendAsync("PATCH", Record("bob"), """{"verified":false}""", _root)).Status);
        Assert.Equal(403, (await _server.SendAsync("POST", Members + "/auth-refresh", token: token)).Status);
    }

    [Fact]
    public async Task Without_an_auth_rule_nobody_logs_in_but_superusers_impersonate()
    {
        var closed = await _server.SendAsync("PATCH", Members, """{"authRule":null}""", _root);
        Assert.True(closed.Status == 200, closed.Body);
        Assert.Equal(403, (await LoginAsync("ann")).Status);
        Assert.Equal(200, (await ImpersonateAsync("ann", "{}", _root)).Status);
    }

    [Fact]
    public async Task The_auth_rule_knows_the_way_of_the_login()
    {
        var changed = await _server.SendAsync("PATCH", Members, """{"authRule":"@request.context = 'password'"}""", _root);
        Assert.True(changed.Status == 200, changed.Body);
        Assert.Equal(200, (await LoginAsync("new")).Status);
        Assert.Equal(403, (await _server.SendAsync(
            "POST", Members + "/auth-refresh", token: await TokenAsync("bob"))).Status);
    }

    [Fact]
    public async Task A_manager_sees_the_addresses_of_whom_it_manages()
    {
        await _server.SendAsync(
            "PATCH", Members,
            """{"listRule":"","manageRule":"@request.auth.role = 'manager' && role = ''"}""", _root);
        await _server.CreateCollectionAsync($$"""
            {"name":"badges","type":"base","listRule":"","viewRule":"",
             "fields":[{"type":"relation","name":"member","collectionId":"{{_server.Shard.Schema.FindByName("members")!.Id}}"}]}
            """);
        _ids["boss"] = await _server.CreateAsync("members", Body("boss", "manager", true), _root);
        await _server.CreateAsync("badges", $$"""{"member":"{{_ids["bob"]}}"}""", _root);
        var ann = await TokenAsync("ann");
        var list = await _server.SendAsync("GET", Members + "/records?fields=email", token: ann);
        Assert.Contains("ann@", list.Body, StringComparison.Ordinal);
        Assert.Contains("bob@", list.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("boss@", list.Body, StringComparison.Ordinal);
        var expanded = await _server.SendAsync("GET", "/api/collections/badges/records?expand=member", token: ann);
        Assert.Contains("bob@", expanded.Body, StringComparison.Ordinal);
        var written = await _server.SendAsync("PATCH", Record("bob"), """{"role":""}""", ann);
        Assert.Contains("bob@", written.Body, StringComparison.Ordinal);
        foreach (var token in new[] { await TokenAsync("bob"), null })
        {
            list = await _server.SendAsync("GET", Members + "/records", token: token);
            Assert.DoesNotContain("ann@", list.Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_manager_changes_credentials_of_others_and_voids_their_tokens()
    {
        var manager = await TokenAsync("ann");
        var token = await TokenAsync("bob");
        var body = """{"email":"bob2@example.com","verified":true,"password":"second one","passwordConfirm":"second one"}""";
        Assert.Equal(400, (await _server.SendAsync("PATCH", Record("bob"), body)).Status);
        Assert.Equal(400, (await _server.SendAsync("PATCH", Record("ann"), body, token)).Status);
        var changed = await _server.SendAsync("PATCH", Record("bob"), body, manager);
        Assert.True(changed.Status == 200, changed.Body);
        Assert.Equal(401, (await _server.SendAsync("POST", Members + "/auth-refresh", token: token)).Status);
        await _server.LoginAsync("members", "bob2@example.com", "second one");
    }

    [Fact]
    public async Task A_manager_signs_others_up_as_verified()
    {
        Assert.Equal(400, (await _server.SendAsync("POST", Members + "/records", Body("x", "", true))).Status);
        var created = await _server.SendAsync(
            "POST", Members + "/records", Body("x", "", true), await TokenAsync("ann"));
        Assert.True(created.Status == 200, created.Body);
    }

    [Fact]
    public async Task An_impersonation_lasts_as_long_as_asked_and_is_not_refreshed()
    {
        var answer = await ImpersonateAsync("new", """{"duration":60}""", _root);
        Assert.True(answer.Status == 200, answer.Body);
        var token = answer.Text("token");
        Assert.True(JsonWebToken.TryRead(token, out var claims));
        Assert.Equal((_ids["new"], false, _clock.GetUtcNow().ToUnixTimeSeconds() + 60),
            (claims.Id, claims.IsRefreshable, claims.ExpiresAt));
        Assert.Equal("new@example.com", answer.Json.GetProperty("record").GetProperty("email").GetString());

        var bob = (await ImpersonateAsync("bob", null, _root)).Text("token");
        Assert.Equal(bob, (await _server.SendAsync("POST", Members + "/auth-refresh", token: bob)).Text("token"));
        _clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(401, (await _server.SendAsync("POST", Members + "/auth-refresh", token: token)).Status);
    }

    [Theory]
    [InlineData("ann", null, null, 401)]
    [InlineData("ann", null, "bob", 403)]
    [InlineData("nobody", null, "root", 404)]
    [InlineData("ann", """{"duration":-1}""", "root", 400)]
    [InlineData("ann", """{"duration":"long"}""", "root", 400)]
    [InlineData("ann", """{"duration":1e30}""", "root", 400)]
    [InlineData("ann", "[]", "root", 400)]
    public async Task An_impersonation_is_refused(string record, string? body, string? sender, int status)
    {
        var token = sender switch { null => null, "root" => _root, _ => await TokenAsync(sender) };
        Assert.Equal(status, (await ImpersonateAsync(record, body, token)).Status);
    }

    private static string Body(string name, string role, bool verified) => JsonSerializer.Serialize(new
    {
        email = $"{name}@example.com",
        role,
        verified,
        password = Password,
        passwordConfirm = Password,
    });

    private string Record(string name) => $"{Members}/records/{_ids[name]}";

    private Task<ApiAnswer> LoginAsync(string name) => _server.SendAsync(
        "POST", Members + "/auth-with-password", $$"""{"identity":"{{name}}@example.com","password":"{{Password}}"}""");

    private Task<string> TokenAsync(string name) => _server.LoginAsync("members", $"{name}@example.com", Password);

    private Task<ApiAnswer> ImpersonateAsync(string name, string? body, string? token) => _server.SendAsync(
        "POST", $"{Members}/impersonate/{_ids.GetValueOrDefault(name, name)}", body, token);
}
