using Platform.TenantShard.Auth;
using Platform.TenantShard.Http;
using Platform.TenantShard.Tests.Http;

namespace Platform.TenantShard.Tests.Auth;

public sealed class AuthEndpointTests : IAsyncLifetime
{
    private const string Users = "/api/collections/users";
    private const string Email = "ann@example.com";
    private const string Passwords = "{\"password\":\"12345678\",\"passwordConfirm\":\"12345678\",";
    private const string Password = "first password";

    private readonly ManualClock _clock = new();
    private ApiServer _server = null!;
    private string _root = "";
    private string _id = "";

    public async Task InitializeAsync()
    {
        _server = await ApiServer.StartAsync(
            new TestShard(clock: _clock), new TenantApiOptions { FailedLoginsMax = 3 });
        _root = await _server.SuperuserTokenAsync();
        _id = await _server.CreateAsync(
            "users", $$"""{"email":"{{Email}}","password":"{{Password}}","passwordConfirm":"{{Password}}"}""", _root);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_login_answers_the_record_and_a_token_that_names_the_tenant()
    {
        var answer = await LoginAsync(Email, Password);
        Assert.Equal(200, answer.Status);
        Assert.Equal(Email, answer.Json.GetProperty("record").GetProperty("email").GetString());
        Assert.DoesNotContain("$2a$", answer.Body, StringComparison.Ordinal);
        Assert.True(JsonWebToken.TryRead(answer.Text("token"), out var claims));
        Assert.Equal(("auth", _id, "_pb_users_auth_", "acme", true), (
            claims.Type, claims.Id, claims.CollectionId, claims.TenantId, claims.IsRefreshable));
        Assert.Equal(_clock.GetUtcNow().ToUnixTimeSeconds() + (7 * 24 * 3600), claims.ExpiresAt);
    }

    [Theory]
    [InlineData(Email, "wrong password")]
    [InlineData("nobody@example.com", Password)]
    [InlineData("ann@example.com'--", Password)]
    public async Task A_wrong_login_is_answered_alike(string identity, string password)
    {
        var answer = await LoginAsync(identity, password);
        Assert.Equal((400, """{"data":{},"message":"Failed to authenticate.","status":400}"""),
            (answer.Status, answer.Body));
    }

    [Fact]
    public async Task After_some_wrong_logins_the_right_one_must_wait()
    {
        for (var attempt = 0; attempt < 3; attempt++) Assert.Equal(400, (await LoginAsync(Email, "wrong")).Status);
        var refused = await LoginAsync(Email, Password);
        Assert.Equal(429, refused.Status);
        Assert.Contains("Retry-After: 60", refused.Headers, StringComparison.Ordinal);
        _clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(200, (await LoginAsync(Email, Password)).Status);
    }

    [Fact]
    public async Task A_token_ends_with_its_time_and_a_refreshed_one_goes_on()
    {
        var token = await TokenAsync();
        _clock.Advance(TimeSpan.FromDays(6));
        var refreshed = await _server.SendAsync("POST", Users + "/auth-refresh", token: token);
        Assert.True(refreshed.Status == 200, refreshed.Body);
        _clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(401, (await _server.SendAsync("POST", Users + "/auth-refresh", token: token)).Status);
        Assert.Equal(404, await ViewOwnAsync(token));
        Assert.Equal(200, await ViewOwnAsync(refreshed.Text("token")));
    }

    [Fact]
    public async Task A_token_of_another_collection_is_not_refreshed()
    {
        var answer = await _server.SendAsync("POST", Users + "/auth-refresh", token: _root);
        Assert.Equal(403, answer.Status);
    }

    [Fact]
    public async Task A_token_of_another_tenant_proves_nothing()
    {
        // A copy of the same database under another name: same keys, same ids.
        var token = await TokenAsync();
        Assert.True(JsonWebToken.TryRead(token, out var claims));
        var settings = _server.Shard.Schema.FindByName("users")!.Options.GetProperty("authToken");
        var tokenKey = await _server.Shard.ReadAsync(
            _id,
            static (scope, id) =>
            {
                using var row = scope.Connection.Prepare("SELECT tokenKey FROM users WHERE id = ?1");
                row.BindText(1, id);
                row.Step();
                return row.Text(0);
            },
            default);
        var key = tokenKey + settings.GetProperty("secret").GetString();
        var own = claims with { ExpiresAt = claims.ExpiresAt + 1 };
        Assert.Equal(200, await ViewOwnAsync(JsonWebToken.Create(own, key)));
        Assert.Equal(404, await ViewOwnAsync(JsonWebToken.Create(claims with { TenantId = "other" }, key)));
        Assert.Equal(404, await ViewOwnAsync(JsonWebToken.Create(claims with { Type = "file" }, key)));
        Assert.Equal(404, await ViewOwnAsync(JsonWebToken.Create(claims, key + "x")));
    }

    [Fact]
    public async Task A_new_password_needs_the_old_one_and_voids_all_tokens()
    {
        var token = await TokenAsync();
        Assert.Equal(200, await ViewOwnAsync(token));
        const string New = "\"password\":\"second password\",\"passwordConfirm\":\"second password\"";
        var missing = await ChangeAsync($"{{{New}}}", token);
        Assert.Equal("validation_required", ErrorOf(missing, "oldPassword"));
        var wrong = await ChangeAsync($$"""{{{New}},"oldPassword":"wrong"}""", token);
        Assert.Equal("validation_invalid_old_password", ErrorOf(wrong, "oldPassword"));
        var mismatch = await ChangeAsync(
            $$"""{"password":"second password","passwordConfirm":"third","oldPassword":"{{Password}}"}""", token);
        Assert.Equal("validation_values_mismatch", ErrorOf(mismatch, "passwordConfirm"));
        Assert.Equal(200, await ViewOwnAsync(token));

        var changed = await ChangeAsync($$"""{{{New}},"oldPassword":"{{Password}}"}""", token);
        Assert.True(changed.Status == 200, changed.Body);
        Assert.Equal(404, await ViewOwnAsync(token));
        Assert.Equal(400, (await LoginAsync(Email, Password)).Status);
        Assert.Equal(200, (await LoginAsync(Email, "second password")).Status);
    }

    [Fact]
    public async Task Only_managers_change_addresses_and_the_verified_flag()
    {
        var token = await TokenAsync();
        Assert.Equal("validation_values_mismatch", ErrorOf(
            await ChangeAsync("""{"email":"other@example.com"}""", token), "email"));
        Assert.Equal("validation_values_mismatch", ErrorOf(
            await ChangeAsync("""{"verified":true}""", token), "verified"));
        Assert.Equal(200, (await ChangeAsync("""{"verified":true,"email":"other@example.com"}""", _root)).Status);
        Assert.Equal(404, await ViewOwnAsync(token));
        var guest = await _server.SendAsync(
            "POST", Users + "/records",
            """{"email":"x@example.com","password":"12345678","passwordConfirm":"12345678","verified":true}""");
        Assert.Equal("validation_values_mismatch", ErrorOf(guest, "verified"));
    }

    [Theory]
    [InlineData("{}", "password", "validation_required")]
    [InlineData("""{"password":"12345678"}""", "passwordConfirm", "validation_required")]
    [InlineData("""{"password":"1234567","passwordConfirm":"1234567"}""", "password", "validation_min_text_constraint")]
    [InlineData(Passwords + "\"email\":\"ann@example.com\"}", "email", "validation_not_unique")]
    [InlineData(Passwords + "\"email\":\"ann\"}", "email", "validation_is_email")]
    public async Task A_sign_up_with_a_mistake_is_refused(string body, string field, string code)
    {
        var answer = await _server.SendAsync("POST", Users + "/records", body);
        Assert.Equal(400, answer.Status);
        Assert.Equal(code, ErrorOf(answer, field));
    }

    [Fact]
    public async Task Deleting_a_record_voids_its_tokens()
    {
        var token = await TokenAsync();
        Assert.Equal(200, await ViewOwnAsync(token));
        Assert.Equal(204, (await _server.SendAsync("DELETE", $"{Users}/records/{_id}", token: token)).Status);
        Assert.Equal(401, (await _server.SendAsync("POST", Users + "/auth-refresh", token: token)).Status);
    }

    [Fact]
    public async Task A_superuser_that_is_provisioned_again_has_the_new_password()
    {
        var passwords = new PasswordHasher(1, 4);
        var command = await UpsertSuperuser.PrepareAsync(
            _server.Shard, passwords, ApiServer.SuperuserEmail, "another password", default);
        await _server.Shard.WriteAsync(command, default);
        await _server.LoginAsync("_superusers", ApiServer.SuperuserEmail, "another password");
    }

    [Fact]
    public async Task The_methods_of_a_collection_are_listed()
    {
        var answer = await _server.SendAsync("GET", Users + "/auth-methods");
        Assert.Equal(
            """{"password":{"identityFields":["email"],"enabled":true},"oauth2":{"providers":[],"enabled":false},"""
                + "\"mfa\":{\"enabled\":false,\"duration\":0},\"otp\":{\"enabled\":false,\"duration\":0}}",
            answer.Body);
    }

    private static string ErrorOf(ApiAnswer answer, string field) =>
        answer.Json.GetProperty("data").TryGetProperty(field, out var error)
            ? error.GetProperty("code").GetString()!
            : answer.Body;

    private Task<ApiAnswer> LoginAsync(string identity, string password) => _server.SendAsync(
        "POST", Users + "/auth-with-password", $$"""{"identity":"{{identity}}","password":"{{password}}"}""");

    private Task<string> TokenAsync() => _server.LoginAsync("users", Email, Password);

    private Task<ApiAnswer> ChangeAsync(string body, string token) =>
        _server.SendAsync("PATCH", $"{Users}/records/{_id}", body, token);

    private async Task<int> ViewOwnAsync(string token) =>
        (await _server.SendAsync("GET", $"{Users}/records/{_id}", token: token)).Status;
}
