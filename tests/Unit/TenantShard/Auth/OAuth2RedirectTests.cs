using System.Net.Http.Headers;
using Platform.TenantShard.Tests.Http;
using Platform.TenantShard.Tests.Realtime;

namespace Platform.TenantShard.Tests.Auth;

/// <summary>The way back of a login in a window of its own.</summary>
public sealed class OAuth2RedirectTests : IAsyncLifetime
{
    private const string Path = "/api/oauth2-redirect";

    private ApiServer _server = null!;
    private HttpClient _browser = null!;

    public async Task InitializeAsync()
    {
        _server = await ApiServer.StartAsync();
        _browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            BaseAddress = _server.Client.BaseAddress,
        };
    }

    public async Task DisposeAsync()
    {
        _browser.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task The_client_that_waits_gets_the_code_once()
    {
        using var stream = await EventStream.OpenAsync(_server.Client);
        await stream.SubscribeAsync(null, "@oauth2");
        Assert.Equal((307, true), await GetAsync($"?state={stream.Id}&code=a%26b"));
        var message = await stream.NextAsync();
        Assert.Equal("@oauth2", message!.Name);
        Assert.Equal(
            $$"""{"state":"{{stream.Id}}","code":"a\u0026b"}""", message.Data.GetRawText());
        Assert.Equal((307, false), await GetAsync($"?state={stream.Id}&code=again"));
    }

    [Fact]
    public async Task A_refusal_of_the_provider_is_delivered_too()
    {
        using var stream = await EventStream.OpenAsync(_server.Client);
        await stream.SubscribeAsync(null, "@oauth2");
        Assert.Equal((307, false), await GetAsync($"?state={stream.Id}&error=access_denied"));
        var message = await stream.NextAsync();
        Assert.Equal("access_denied", message!.Data.GetProperty("error").GetString());
    }

    [Fact]
    public async Task A_provider_may_answer_with_a_form()
    {
        using var stream = await EventStream.OpenAsync(_server.Client);
        await stream.SubscribeAsync(null, "@oauth2");
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string> { ["state"] = stream.Id, ["code"] = "from-a-form" });
        using var answer = await _browser.PostAsync(Path, form);
        Assert.Equal((303, true), Read(answer));
        Assert.Equal("from-a-form", (await stream.NextAsync())!.Data.GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("?code=x")]
    [InlineData("?state=nobody&code=x")]
    public async Task What_nobody_waits_for_goes_nowhere(string query) =>
        Assert.Equal((307, false), await GetAsync(query));

    [Fact]
    public async Task Who_does_not_follow_the_topic_gets_nothing()
    {
        using var stream = await EventStream.OpenAsync(_server.Client);
        await stream.SubscribeAsync(null, "users/*");
        Assert.Equal((307, false), await GetAsync($"?state={stream.Id}&code=x"));
    }

    [Fact]
    public async Task A_broken_form_is_no_fault()
    {
        using var content = new StringContent("--x");
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=y");
        using var answer = await _browser.PostAsync(Path, content);
        Assert.Equal(400, (int)answer.StatusCode);
    }

    private static (int Status, bool IsSuccess) Read(HttpResponseMessage answer) => (
        (int)answer.StatusCode,
        answer.Headers.Location!.OriginalString.EndsWith("oauth2-redirect-success", StringComparison.Ordinal));

    private async Task<(int Status, bool IsSuccess)> GetAsync(string query)
    {
        using var answer = await _browser.GetAsync(Path + query);
        return Read(answer);
    }
}
