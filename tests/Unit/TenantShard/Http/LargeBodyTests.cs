using System.Net;
using System.Text;
using Platform.TenantShard.Http;

namespace Platform.TenantShard.Tests.Http;

public sealed class LargeBodyTests : IAsyncLifetime
{
    private const int Text = 1 << 20;
    private ApiServer _server = null!;
    private string _root = "";

    public async Task InitializeAsync()
    {
        _server = await ApiServer.StartAsync(options: new TenantApiOptions
        {
            LargeBodiesBytesMax = 64 << 20,
            AnswerBytesMax = 4 << 20,
        }, bodyBytesMax: 64 << 20);
        _root = await _server.SuperuserTokenAsync();
        await _server.CreateCollectionAsync(
            """
            {"name":"posts","type":"base","listRule":"","fields":[{"type":"editor","name":"body","maxSize":16000000}]}
            """);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task An_answer_larger_than_the_limit_is_refused_and_says_what_helps()
    {
        for (var count = 0; count < 5; count++) await CreateAsync(Text);

        var all = await _server.SendAsync("GET", "/api/collections/posts/records");
        Assert.Equal(400, all.Status);
        Assert.Contains("ask for less, with perPage, fields or expand", all.Body, StringComparison.Ordinal);

        Assert.Equal(200, (await _server.SendAsync("GET", "/api/collections/posts/records?perPage=2")).Status);
        Assert.Equal(200, (await _server.SendAsync("GET", "/api/collections/posts/records?fields=id")).Status);
    }

    [Fact]
    public async Task Large_bodies_of_a_tenant_wait_for_memory_and_give_it_back()
    {
        // Half of the budget is one tenant's: a body of more than that has no place even alone.
        var refused = await SendAsync(36 << 20);
        Assert.Equal(503, refused.Status);
        Assert.Contains("Too many large requests", refused.Body, StringComparison.Ordinal);

        for (var count = 0; count < 10; count++) Assert.Equal(200, (await SendAsync(2 << 20)).Status);
        for (var count = 0; count < 10; count++)
            Assert.Equal(200, (await _server.SendAsync("GET", "/api/collections/posts/records?perPage=1")).Status);
    }

    [Fact]
    public async Task A_filter_that_would_compare_for_ever_is_refused_and_not_a_fault_of_the_server()
    {
        await CreateAsync(12 << 20);

        var answer = await _server.SendAsync(
            "GET", $"/api/collections/posts/records?fields=id&filter=body~%22{new string('x', 3000)}y%22");

        Assert.True(answer.Status == 413, answer.Body);
    }

    [Fact]
    public async Task Texts_of_a_form_count_too()
    {
        using var form = new MultipartFormDataContent { { new StringContent(new string('x', 36 << 20)), "body" } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/collections/posts/records") { Content = form };
        request.Headers.TryAddWithoutValidation("Authorization", _root);

        using var answer = await _server.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    private async Task CreateAsync(int bytes)
    {
        var answer = await SendAsync(bytes);
        Assert.True(answer.Status == 200, answer.Body);
    }

    private Task<ApiAnswer> SendAsync(int bytes)
    {
        var json = new StringBuilder("{\"body\":\"").Append('x', bytes).Append("\"}");
        return _server.SendAsync("POST", "/api/collections/posts/records", json.ToString(), _root);
    }
}
