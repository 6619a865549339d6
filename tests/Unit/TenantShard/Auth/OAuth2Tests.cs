using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Platform.TenantShard.Tests.Http;
using Platform.TenantShard.Tests.Realtime;

namespace Platform.TenantShard.Tests.Auth;

/// <summary>Logins with an OpenID Connect provider that runs here.</summary>
public sealed class OAuth2Tests : IAsyncLifetime
{
    private MailedAuthServer _server = null!;
    private WebApplication _provider = null!;
    private string _challenge = "";
    private string _user = """{"sub":"42","name":"Ann","email":"ann@example.com","email_verified":true}""";

    public async Task InitializeAsync()
    {
        _server = await MailedAuthServer.StartAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _provider = builder.Build();
        _provider.Run(AnswerAsync);
        await _provider.StartAsync();
        var url = _provider.Urls.First();
        await _server.ChangeAsync(MailedAuthServer.Users, $$$"""
            {"oauth2":{"enabled":true,"mappedFields":{"name":"name"},"providers":[{"name":"oidc","clientId":"me","clientSecret":"geheim",
             "authURL":"{{{url}}}/auth","tokenURL":"{{{url}}}/token","userInfoURL":"{{{url}}}/user","displayName":"Here"}]}}
            """);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [Fact]
    public async Task A_newcomer_is_signed_up_and_comes_back_as_the_same_record()
    {
        _user = """{"sub":"7","name":"Eve","email":"eve@example.com","email_verified":true}""";
        var first = await LoginAsync();
        Assert.True(first.Status == 200, first.Body);
        var record = first.Json.GetProperty("record");
        Assert.Equal(("Eve", "eve@example.com", true), (
            record.GetProperty("name").GetString(), record.GetProperty("email").GetString(),
            record.GetProperty("verified").GetBoolean()));
        Assert.True(first.Json.GetProperty("meta").GetProperty("isNew").GetBoolean());
        Assert.DoesNotContain("geheim", first.Body, StringComparison.Ordinal);
        _user = """{"sub":"7","name":"Eve"}""";
        var second = await LoginAsync();
        Assert.False(second.Json.GetProperty("meta").GetProperty("isNew").GetBoolean());
        Assert.Equal(
            record.GetProperty("id").GetString(), second.Json.GetProperty("record").GetProperty("id").GetString());
        Assert.Equal(1, await _server.CountAsync("_externalAuths WHERE provider = 'oidc' AND providerId = '7'"));
    }

    [Fact]
    public async Task A_newcomer_is_heard_of()
    {
        using var stream = await EventStream.OpenAsync(_server.Api.Client);
        await stream.SubscribeAsync(_server.Root, "users/*", "_externalAuths/*");
        _user = """{"sub":"9","name":"Flo","email":"flo@example.com","email_verified":true}""";
        var id = (await LoginAsync()).Json.GetProperty("record").GetProperty("id").GetString()!;
        await stream.ExpectAsync("users/*", "create", id);
        await stream.ExpectAsync("users/*", "update", id);
        var link = await stream.NextAsync();
        Assert.Equal(id, link!.Record.GetProperty("recordRef").GetString());
    }

    [Fact]
    public async Task An_address_that_was_never_verified_loses_its_password_to_its_owner()
    {
        var answer = await LoginAsync();
        Assert.True(answer.Status == 200, answer.Body);
        Assert.Equal(_server.Id, answer.Json.GetProperty("record").GetProperty("id").GetString());
        Assert.True(await _server.IsVerifiedAsync());
        Assert.Equal(400, (await _server.LoginAsync()).Status);
    }

    [Fact]
    public async Task An_address_that_the_provider_does_not_vouch_for_is_no_proof()
    {
        _user = """{"sub":"666","email":"ann@example.com","email_verified":false}""";
        var answer = await LoginAsync();
        Assert.NotEqual(_server.Id, answer.Status == 200 ? answer.Json.GetProperty("record").GetProperty("id").GetString() : "");
        Assert.Equal(200, (await _server.LoginAsync()).Status);
    }

    [Fact]
    public async Task The_create_rule_says_who_is_signed_up()
    {
        await _server.ChangeAsync(MailedAuthServer.Users, """{"createRule":"@request.context = 'oauth2' && name = 'Eve'"}""");
        _user = """{"sub":"8","name":"Mallory","email":"m@example.com","email_verified":true}""";
        Assert.Equal(400, (await LoginAsync()).Status);
        _user = """{"sub":"7","name":"Eve","email":"eve@example.com","email_verified":true}""";
        Assert.Equal(200, (await LoginAsync()).Status);
    }

    [Theory]
    [InlineData("""{"provider":"oidc","code":"wrong","redirectURL":"http://x"}""", "Failed to fetch OAuth2 token.")]
    [InlineData("""{"provider":"google","code":"right","redirectURL":"http://x"}""", "validation_missing_provider")]
    [InlineData("""{"provider":"oidc","code":"right","codeVerifier":"stolen","redirectURL":"http://x"}""", "Failed to fetch")]
    [InlineData("{}", "validation_required")]
    public async Task A_login_is_refused(string body, string reason)
    {
        await BeginAsync();
        var answer = await _server.PostAsync("auth-with-oauth2", body);
        Assert.Equal(400, answer.Status);
        Assert.Contains(reason, answer.Body, StringComparison.Ordinal);
    }

    private async Task<string> BeginAsync()
    {
        var methods = await _server.Api.SendAsync("GET", MailedAuthServer.Users + "/auth-methods");
        var provider = methods.Json.GetProperty("oauth2").GetProperty("providers")[0];
        Assert.Equal("Here", provider.GetProperty("displayName").GetString());
        Assert.EndsWith("&redirect_uri=", provider.GetProperty("authURL").GetString(), StringComparison.Ordinal);
        _challenge = provider.GetProperty("codeChallenge").GetString()!;
        return provider.GetProperty("codeVerifier").GetString()!;
    }

    private async Task<ApiAnswer> LoginAsync() => await _server.PostAsync(
        "auth-with-oauth2",
        $$"""{"provider":"oidc","code":"right","codeVerifier":"{{await BeginAsync()}}","redirectURL":"http://x"}""");

    private async Task AnswerAsync(HttpContext http)
    {
        http.Response.ContentType = "application/json";
        if (http.Request.Path == "/user")
        {
            var isRight = http.Request.Headers.Authorization == "Bearer access";
            http.Response.StatusCode = isRight ? 200 : 401;
            await http.Response.WriteAsync(isRight ? _user : "{}");
            return;
        }

        var form = await http.Request.ReadFormAsync();
        var verifier = form["code_verifier"].ToString();
        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        var isGood = form["code"] == "right" && form["client_secret"] == "geheim" && challenge == _challenge;
        http.Response.StatusCode = isGood ? 200 : 400;
        await http.Response.WriteAsync(isGood ? """{"access_token":"access","expires_in":60}""" : "{}");
    }
}
