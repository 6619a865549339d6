namespace Platform.TenantShard.Tests.Http;

public sealed class TenantApiTests : IAsyncLifetime
{
    private ApiServer _server = null!;

    public async Task InitializeAsync() => _server = await ApiServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("/api/health")]
    [InlineData("/api/health/")]
    public async Task A_tenant_says_that_it_is_healthy(string path)
    {
        var answer = await _server.SendAsync("GET", path);
        Assert.Equal((200, """{"message":"API is healthy.","code":200,"data":{}}"""), (answer.Status, answer.Body));
    }

    [Fact]
    public async Task HEAD_is_answered_like_GET_without_the_body()
    {
        using var response = await _server.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/api/health"));
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(50, response.Content.Headers.ContentLength);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_preflight_allows_every_origin_and_the_headers_that_it_asks_for()
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, "/api/collections/posts/records");
        request.Headers.Add("Origin", "https://example.com");
        request.Headers.Add("Access-Control-Request-Method", "PATCH");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");
        using var response = await _server.Client.SendAsync(request);
        Assert.Equal(204, (int)response.StatusCode);
        Assert.Equal("*", Assert.Single(response.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.Equal(
            "authorization,content-type", Assert.Single(response.Headers.GetValues("Access-Control-Allow-Headers")));
        Assert.Contains("PATCH", Assert.Single(response.Headers.GetValues("Access-Control-Allow-Methods")));
    }

    [Fact]
    public async Task An_answer_and_an_error_to_another_origin_are_readable()
    {
        foreach (var path in new[] { "/api/health", "/api/nothing" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add("Origin", "https://example.com");
            using var response = await _server.Client.SendAsync(request);
            Assert.Equal("*", Assert.Single(response.Headers.GetValues("Access-Control-Allow-Origin")));
        }
    }

    [Fact]
    public async Task A_body_without_a_length_is_limited_too()
    {
        await using var small = await ApiServer.StartAsync(bodyBytesMax: 100);
        await small.CreateCollectionAsync(
            """{"name":"notes","type":"base","createRule":"","fields":[{"type":"text","name":"text"}]}""");
        foreach (var (length, status) in new[] { (60, 200), (200, 413), (200_000, 413) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/collections/notes/records");
            request.Headers.TransferEncodingChunked = true;
            request.Content = new StringContent($$"""{"text":"{{new string('x', length)}}"}""");
            using var response = await small.Client.SendAsync(request);
            Assert.Equal(status, (int)response.StatusCode);
        }
    }

    [Fact]
    public async Task A_fault_of_the_database_tells_nothing_of_itself()
    {
        await _server.CreateCollectionAsync(
            """{"name":"notes","type":"base","listRule":"","fields":[{"type":"text","name":"text"}]}""");
        await _server.Shard.WriteAsync(new DropTable("notes"), default);
        var answer = await _server.SendAsync("GET", "/api/collections/notes/records");
        Assert.Equal(
            (500, """{"data":{},"message":"Something went wrong while processing your request.","status":500}"""),
            (answer.Status, answer.Body));
        Assert.Equal(200, (await _server.SendAsync("GET", "/api/health")).Status);
    }
}
