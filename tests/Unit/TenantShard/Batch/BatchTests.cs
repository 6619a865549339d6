using System.Text.Json;
using Platform.TenantShard.Tests.Http;
using Platform.TenantShard.Tests.Realtime;

namespace Platform.TenantShard.Tests.Batch;

public sealed class BatchTests : IAsyncLifetime
{
    private readonly BlogApi _blog = new();

    private string Root => _blog.Tokens[BlogApi.Root];

    private string AnnId => _blog.Ids[BlogApi.Ann];

    public async Task InitializeAsync()
    {
        await _blog.InitializeAsync();
        await EnableAsync(maxRequests: 10);
    }

    public Task DisposeAsync() => _blog.DisposeAsync();

    [Fact]
    public async Task Creates_updates_upserts_and_deletes_are_answered_one_by_one()
    {
        var answer = await SendAsync(
            Root,
            Create("comments", $$"""{"id":"comment00000001","post":"{{_blog.Ids["post"]}}","text":"one"}""", "?expand=post&fields=id,text,expand.post.title"),
            """{"method":"PATCH","url":"/api/collections/comments/records/comment00000001","body":{"text":"two"}}""",
            Upsert("comments", $$"""{"id":"comment00000001","text":"three"}"""),
            Upsert("comments", $$"""{"id":"comment00000002","post":"{{_blog.Ids["post"]}}","text":"new"}"""),
            """{"method":"DELETE","url":"/api/collections/comments/records/comment00000001"}""");
        Assert.True(answer.Status == 200, answer.Body);
        var results = answer.Json.EnumerateArray().ToList();
        Assert.Equal([200, 200, 200, 200, 204], results.Select(static result => result.GetProperty("status").GetInt32()));
        Assert.Equal("two", results[1].GetProperty("body").GetProperty("text").GetString());
        Assert.Equal("three", results[2].GetProperty("body").GetProperty("text").GetString());
        Assert.Equal("new", results[3].GetProperty("body").GetProperty("text").GetString());
        Assert.Equal(JsonValueKind.Null, results[4].GetProperty("body").ValueKind);
        Assert.Equal(404, await StatusAsync("/api/collections/comments/records/comment00000001"));
        Assert.Equal(200, await StatusAsync("/api/collections/comments/records/comment00000002"));
    }

    [Fact]
    public async Task The_answer_of_each_request_follows_its_own_query()
    {
        var answer = await SendAsync(
            Root,
            Create(
                "comments", $$"""{"post":"{{_blog.Ids["post"]}}","text":"one"}""",
                "?expand=post&fields=text,expand.post.title"));
        Assert.Equal(
            """{"text":"one","expand":{"post":{"title":"Published"}}}""",
            answer.Json[0].GetProperty("body").GetRawText());
    }

    [Fact]
    public async Task A_refusal_undoes_all_and_names_the_request()
    {
        var answer = await SendAsync(
            Root,
            Create("comments", $$"""{"id":"undone000000001","post":"{{_blog.Ids["post"]}}"}"""),
            Create("posts", """{"title":"x"}"""),
            Create("posts", """{"title":""}"""));
        Assert.Equal(400, answer.Status);
        Assert.Equal("Batch transaction failed.", answer.Text("message"));
        var failed = Assert.Single(answer.Json.GetProperty("data").GetProperty("requests").EnumerateObject());
        Assert.Equal("1", failed.Name);
        Assert.Equal("batch_request_failed", failed.Value.GetProperty("code").GetString());
        var response = failed.Value.GetProperty("response");
        Assert.Equal(400, response.GetProperty("status").GetInt32());
        Assert.Equal("Failed to create record.", response.GetProperty("message").GetString());
        Assert.Equal(
            "validation_min_text_constraint",
            response.GetProperty("data").GetProperty("title").GetProperty("code").GetString());
        Assert.Equal(404, await StatusAsync("/api/collections/comments/records/undone000000001"));
    }

    [Theory]
    [InlineData("POST", "posts", """{"title":"Hello","author":"{bob}"}""", 400)]
    [InlineData("PATCH", "posts/{post}", """{"title":"Hello"}""", 404)]
    [InlineData("DELETE", "posts/{post}", "{}", 404)]
    [InlineData("PUT", "posts", """{"id":"{post}","title":"Hello"}""", 404)]
    [InlineData("PATCH", "comments/whatever0000000", """{"text":"Hello"}""", 403)]
    [InlineData("POST", "nowhere", "{}", 404)]
    [InlineData("GET", "posts", "{}", 400)]
    public async Task Rules_are_those_of_single_requests(string method, string target, string body, int status)
    {
        foreach (var (name, id) in _blog.Ids)
        {
            target = target.Replace($"{{{name}}}", id, StringComparison.Ordinal);
            body = body.Replace($"{{{name}}}", id, StringComparison.Ordinal);
        }

        var parts = target.Split('/');
        var url = $"/api/collections/{parts[0]}/records" + (parts.Length > 1 ? "/" + parts[1] : "");
        // The guest's name in the body is Bob's: nobody but Ann may write as Ann.
        var request = $$$"""{"method":"{{{method}}}","url":"{{{url}}}","body":{{{body}}},"headers":{"Authorization":"{{{Root}}}"}}""";
        var answer = await SendAsync(method == "POST" ? _blog.Tokens[BlogApi.Ann] : _blog.Tokens[BlogApi.Bob], request);
        Assert.True(answer.Status == 400, answer.Body);
        var response = answer.Json.GetProperty("data").GetProperty("requests").GetProperty("0").GetProperty("response");
        Assert.Equal(status, response.GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task A_later_request_sees_what_an_earlier_one_wrote()
    {
        var ann = _blog.Tokens[BlogApi.Ann];
        var answer = await SendAsync(
            ann,
            Create("posts", $$"""{"id":"counter00000001","title":"Counter","author":"{{AnnId}}","rank":1}"""),
            Update("posts", "counter00000001", """{"rank+":2}"""),
            Update("posts", "counter00000001", """{"rank+":3}"""),
            Create("comments", """{"post":"counter00000001","text":"first"}"""));
        Assert.True(answer.Status == 200, answer.Body);
        Assert.Equal(6, answer.Json[2].GetProperty("body").GetProperty("rank").GetInt32());
        Assert.Equal("counter00000001", answer.Json[3].GetProperty("body").GetProperty("post").GetString());
    }

    [Fact]
    public async Task A_rule_sees_the_body_query_and_headers_of_its_own_request()
    {
        await _blog.Server.CreateCollectionAsync("""
            {"name":"guarded","type":"base",
             "createRule":"@request.body.text = 'yes' && @request.query.key = 'q' && @request.headers.x_key = 'h' && @request.method = 'POST'",
             "fields":[{"type":"text","name":"text"}]}
            """);
        const string Good =
            """{"method":"post","url":"/api/collections/guarded/records?key=q","headers":{"X-Key":"h"},"body":{"text":"yes"}}""";
        Assert.Equal(200, (await SendAsync(null, Good)).Status);
        foreach (var (old, other) in new[] { ("?key=q", ""), ("\"h\"", "\"x\""), ("\"yes\"", "\"no\"") })
            Assert.Equal(400, (await SendAsync(null, Good.Replace(old, other, StringComparison.Ordinal))).Status);
    }

    [Fact]
    public async Task Events_come_after_success_and_none_after_a_refusal()
    {
        using var stream = await EventStream.OpenAsync(_blog.Server.Client);
        await stream.SubscribeAsync(Root, "comments/*");
        var post = _blog.Ids["post"];
        await SendAsync(Root, Create("comments", $$"""{"post":"{{post}}"}"""), Create("comments", "{}"));
        var answer = await SendAsync(
            Root,
            Create("comments", $$"""{"id":"eventful0000001","post":"{{post}}"}"""),
            Update("comments", "eventful0000001", """{"text":"later"}"""));
        Assert.True(answer.Status == 200, answer.Body);
        await stream.ExpectAsync("comments/*", "create", "eventful0000001");
        await stream.ExpectAsync("comments/*", "update", "eventful0000001");
    }

    [Fact]
    public async Task A_new_password_in_a_batch_voids_old_tokens()
    {
        var token = await _blog.Server.LoginAsync("users", "bob@example.com", "bob-password");
        var answer = await SendAsync(
            Root, Update("users", _blog.Ids[BlogApi.Bob], """{"password":"new-password","passwordConfirm":"new-password"}"""));
        Assert.True(answer.Status == 200, answer.Body);
        var refresh = await _blog.Server.SendAsync("POST", "/api/collections/users/auth-refresh", "{}", token);
        Assert.Equal(401, refresh.Status);
        await _blog.Server.LoginAsync("users", "bob@example.com", "new-password");
    }

    [Theory]
    [InlineData("{}", "requests", "validation_required")]
    [InlineData("""{"requests":[]}""", "requests", "validation_required")]
    [InlineData("""{"requests":5}""", "requests", "validation_invalid_type")]
    [InlineData("""{"requests":[1]}""", "method", "validation_required")]
    [InlineData("""{"requests":[{"method":"POST"}]}""", "url", "validation_required")]
    [InlineData("""{"requests":[{"method":"POST","url":"/a","body":[]}]}""", "body", "validation_invalid_type")]
    [InlineData("""{"requests":[{"method":"POST","url":"/a","headers":"x"}]}""", "headers", "validation_invalid_type")]
    public async Task Malformed_batches_are_refused(string body, string field, string code)
    {
        var answer = await _blog.Server.SendAsync("POST", "/api/batch", body, Root);
        Assert.Equal(400, answer.Status);
        Assert.Equal("Invalid batch request data.", answer.Text("message"));
        Assert.Contains($"\"{field}\":{{\"code\":\"{code}\"", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_settings_limit_batches()
    {
        var one = Create("comments", $$"""{"post":"{{_blog.Ids["post"]}}"}""");
        Assert.Equal(200, (await SendAsync(Root, [.. Enumerable.Repeat(one, 10)])).Status);
        var answer = await SendAsync(Root, [.. Enumerable.Repeat(one, 11)]);
        Assert.Equal(400, answer.Status);
        Assert.Contains("validation_length_too_long", answer.Body, StringComparison.Ordinal);
        await PatchAsync("""{"batch":{"maxBodySize":100}}""");
        Assert.Equal(413, (await SendAsync(Root, one, one)).Status);
        await PatchAsync("""{"batch":{"enabled":false}}""");
        answer = await SendAsync(Root, one);
        Assert.Equal((403, "Batch requests are not allowed."), (answer.Status, answer.Text("message")));
    }

    private static string Create(string collection, string body, string query = "") =>
        $$"""{"method":"POST","url":"/api/collections/{{collection}}/records{{query}}","body":{{body}}}""";

    private static string Upsert(string collection, string body) =>
        $$"""{"method":"PUT","url":"/api/collections/{{collection}}/records","body":{{body}}}""";

    private static string Update(string collection, string id, string body) =>
        $$"""{"method":"PATCH","url":"/api/collections/{{collection}}/records/{{id}}","body":{{body}}}""";

    private Task<ApiAnswer> SendAsync(string? token, params string[] requests) => _blog.Server.SendAsync(
        "POST", "/api/batch", $$"""{"requests":[{{string.Join(',', requests)}}]}""", token);

    private async Task<int> StatusAsync(string path) => (await _blog.Server.SendAsync("GET", path, null, Root)).Status;

    private Task EnableAsync(int maxRequests) =>
        PatchAsync($$$"""{"batch":{"enabled":true,"maxRequests":{{{maxRequests}}},"timeout":5}}""");

    private async Task PatchAsync(string settings)
    {
        var answer = await _blog.Server.SendAsync("PATCH", "/api/settings", settings, Root);
        Assert.True(answer.Status == 200, answer.Body);
    }
}
