using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Platform.TenantShard.Tests.Auth;

/// <summary>Providers that ask or answer in ways of their own, played by one that runs here.</summary>
public sealed class OAuth2PresetTests : IAsyncLifetime
{
    private const string Token = """{"access_token":"access"}""";

    private readonly Dictionary<string, string> _userRequest = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _tokenRequest = new(StringComparer.OrdinalIgnoreCase);
    private MailedAuthServer _server = null!;
    private WebApplication _provider = null!;
    private string _token = Token;
    private string _user = "";

    /// <summary>Provider, token answer, user answer, and who that is: id, name, username, address.</summary>
    public static TheoryData<string, string, string, string> Users => new()
    {
        { "google", Token, """{"sub":"1","name":"Ann","email":"a@example.com","email_verified":true}""", "1 Ann  a@example.com" },
        { "google", Token, """{"sub":"1","name":"Ann","email":"a@example.com","email_verified":false}""", "1 Ann  " },
        { "instagram2", Token, """{"id":"9","user_id":"1","name":"Ann","username":"ann"}""", "1 Ann ann " },
        { "lark", Token, """{"data":{"union_id":"1","name":"Ann","email":"a@example.com"}}""", "1 Ann  a@example.com" },
        { "mailcow", Token, """{"username":"a@example.com","email":"a@example.com","full_name":"Ann"}""",
            "a@example.com Ann a@example.com a@example.com" },
        { "monday", Token, """{"data":{"me":{"id":1,"name":"Ann","email":"a@example.com","is_verified":true}}}""",
            "1 Ann  a@example.com" },
        { "monday", Token, """{"data":{"me":{"id":1,"name":"Ann","email":"a@example.com","is_verified":false}}}""", "1 Ann  " },
        { "notion", Token, """{"bot":{"owner":{"user":{"id":"1","name":"Ann","person":{"email":"a@example.com"}}}}}""",
            "1 Ann  a@example.com" },
        { "planningcenter", Token, """{"data":{"id":"1","attributes":{"name":"Ann"}}}""", "1 Ann  " },
        { "trakt", Token, """{"user":{"username":"ann","name":"Ann","ids":{"uuid":"1"}}}""", "1 Ann ann " },
        { "twitch", Token, """{"data":[{"id":"1","login":"ann","display_name":"Ann","email":"a@example.com"}]}""",
            "1 Ann ann a@example.com" },
        { "twitter", Token, """{"data":{"id":"1","name":"Ann","username":"ann","confirmed_email":"a@example.com"}}""",
            "1 Ann ann a@example.com" },
        { "vk", """{"access_token":"access","email":"a@example.com"}""",
            """{"response":[{"id":1,"first_name":"Ann","screen_name":"ann"}]}""", "1 Ann ann a@example.com" },
    };

    public async Task InitializeAsync()
    {
        _server = await MailedAuthServer.StartAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _provider = builder.Build();
        _provider.Run(AnswerAsync);
        await _provider.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Users))]
    public async Task A_providers_user_is_read(string name, string token, string user, string expected)
    {
        (_token, _user) = (token, user);
        var meta = await LoginAsync(name);
        var actual = string.Join(
            ' ', new[] { "id", "name", "username", "email" }.Select(member => meta.GetProperty(member).GetString()));
        Assert.Equal(expected, actual);
    }

    [Theory]
    [InlineData("twitter", true)]
    [InlineData("notion", true)]
    [InlineData("github", false)]
    public async Task Credentials_are_where_the_provider_wants_them(string name, bool isInHeader)
    {
        _user = """{"id":1,"email":"a@example.com","data":{"id":"1"},"bot":{"owner":{"user":{"id":"1"}}}}""";
        await LoginAsync(name);
        var basic = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("me:geheim"));
        Assert.Equal(isInHeader ? basic : null, _tokenRequest.GetValueOrDefault("Authorization"));
        Assert.Equal(isInHeader ? null : "geheim", _tokenRequest.GetValueOrDefault("client_secret"));
    }

    [Fact]
    public async Task Users_are_asked_for_with_what_their_provider_wants_besides()
    {
        _user = """{"data":[{"id":"1"}]}""";
        await LoginAsync("twitch");
        Assert.Equal(("GET", "me"), (_userRequest["method"], _userRequest["Client-Id"]));
        _user = """{"data":{"me":{"id":1}}}""";
        await LoginAsync("monday");
        Assert.Equal("POST", _userRequest["method"]);
        Assert.Contains("query { me {", _userRequest["body"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_keeps_its_own_name_and_logo()
    {
        await _server.ChangeAsync(MailedAuthServer.Users, """
            {"oauth2":{"enabled":true,"providers":[{"name":"vk","clientId":"me","clientSecret":"geheim","displayName":"Ours",
             "logo":"<svg/>"}]}}
            """);
        var methods = await _server.Api.SendAsync("GET", MailedAuthServer.Users + "/auth-methods");
        var provider = methods.Json.GetProperty("oauth2").GetProperty("providers")[0];
        Assert.Equal("Ours", provider.GetProperty("displayName").GetString());
        Assert.Equal("", provider.GetProperty("codeChallenge").GetString());
        var collection = await _server.Api.SendAsync("GET", MailedAuthServer.Users, token: _server.Root);
        Assert.Equal("<svg/>", collection.Json.GetProperty("oauth2").GetProperty("providers")[0].GetProperty("logo").GetString());
    }

    private async Task<System.Text.Json.JsonElement> LoginAsync(string name)
    {
        var url = _provider.Urls.First();
        await _server.ChangeAsync(MailedAuthServer.Users, $$$"""
            {"oauth2":{"enabled":true,"providers":[{"name":"{{{name}}}","clientId":"me","clientSecret":"geheim",
             "authURL":"{{{url}}}/auth","tokenURL":"{{{url}}}/token","userInfoURL":"{{{url}}}/user"}]}}
            """);
        var answer = await _server.PostAsync(
            "auth-with-oauth2",
            $$$"""
            {"provider":"{{{name}}}","code":"right","codeVerifier":"verifier","redirectURL":"http://x",
             "createData":{"email":"{{{name}}}@example.org"}}
            """);
        Assert.True(answer.Status == 200, answer.Body);
        return answer.Json.GetProperty("meta");
    }

    private async Task AnswerAsync(HttpContext http)
    {
        var isUser = http.Request.Path == "/user";
        var seen = isUser ? _userRequest : _tokenRequest;
        seen.Clear();
        foreach (var (name, value) in http.Request.Headers) seen[name] = value.ToString();
        if (!isUser)
        {
            foreach (var (name, value) in await http.Request.ReadFormAsync()) seen[name] = value.ToString();
        }
        else
        {
            seen["method"] = http.Request.Method;
            using var reader = new StreamReader(http.Request.Body);
            seen["body"] = await reader.ReadToEndAsync();
        }

        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(isUser ? _user : _token);
    }
}
