using Platform.TenantShard.Tests.Http;

namespace Platform.TenantShard.Tests.Records;

public sealed class RecordRelationTests : IAsyncLifetime
{
    private readonly BlogApi _blog = new();

    private string Root => _blog.Tokens[BlogApi.Root];

    public Task InitializeAsync() => _blog.InitializeAsync();

    public Task DisposeAsync() => _blog.DisposeAsync();

    [Fact]
    public async Task Deleting_a_record_deletes_those_whose_last_value_it_was()
    {
        var comment = await _blog.Server.CreateAsync("comments", $$"""{"post":"{{_blog.Ids["post"]}}"}""", Root);
        var kept = await _blog.Server.CreateAsync("comments", $$"""{"post":"{{_blog.Ids["draft"]}}"}""", Root);
        Assert.Equal(204, (await DeleteAsync("posts", _blog.Ids["post"])).Status);
        Assert.Equal(404, (await ViewAsync("comments", comment)).Status);
        Assert.Equal(200, (await ViewAsync("comments", kept)).Status);
    }

    [Fact]
    public async Task Deleting_a_record_takes_it_out_of_lists_and_single_relations()
    {
        var (ann, bob) = (_blog.Ids["ann"], _blog.Ids["bob"]);
        var post = await _blog.Server.CreateAsync(
            "posts", $$"""{"title":"Reviewed","author":"{{bob}}","reviewers":["{{ann}}","{{bob}}"]}""", Root);
        Assert.Equal(204, (await DeleteAsync("users", bob)).Status);
        var after = (await ViewAsync("posts", post)).Json;
        Assert.Equal("", after.GetProperty("author").GetString());
        Assert.Equal($"""["{ann}"]""", after.GetProperty("reviewers").GetRawText());
    }

    [Fact]
    public async Task A_record_that_a_required_relation_needs_is_not_deleted()
    {
        var posts = _blog.Server.Shard.Schema.FindByName("posts")!;
        await _blog.Server.CreateCollectionAsync($$"""
            {"name":"pins","type":"base","fields":[
              {"type":"relation","name":"post","collectionId":"{{posts.Id}}","required":true}]}
            """);
        await _blog.Server.CreateAsync("pins", $$"""{"post":"{{_blog.Ids["post"]}}"}""", Root);
        var comment = await _blog.Server.CreateAsync("comments", $$"""{"post":"{{_blog.Ids["post"]}}"}""", Root);
        var refused = await DeleteAsync("posts", _blog.Ids["post"]);
        Assert.Equal(400, refused.Status);
        Assert.Contains("required relation reference", refused.Body, StringComparison.Ordinal);
        Assert.Equal(200, (await ViewAsync("posts", _blog.Ids["post"])).Status);
        Assert.Equal(200, (await ViewAsync("comments", comment)).Status);
    }

    [Fact]
    public async Task A_relation_is_expanded_and_filtered_and_projected()
    {
        var comment = await _blog.Server.CreateAsync(
            "comments", $$"""{"post":"{{_blog.Ids["post"]}}","text":"<b>well</b> done"}""", Root);
        const string Query = "?expand=post.author&fields=id,expand.post.expand.author.name";
        var viewed = await ViewAsync("comments", comment, Query);
        Assert.Equal(
            $"{{\"id\":\"{comment}\"," + """
            "expand":{"post":{"expand":{"author":{"name":"ann"}}}}}
            """, viewed.Body);
        var listed = await _blog.Server.SendAsync(
            "GET",
            "/api/collections/comments/records?expand=post&sort=-text&filter=post.title='Published'"
                + "&fields=text:excerpt(4)");
        Assert.Equal(
            """{"items":[{"text":"well"}],"page":1,"perPage":30,"totalItems":1,"totalPages":1}""", listed.Body);
        var created = await _blog.Server.SendAsync(
            "POST", "/api/collections/comments/records?expand=post", $$"""{"post":"{{_blog.Ids["post"]}}"}""");
        var expanded = created.Json.GetProperty("expand").GetProperty("post");
        Assert.Equal("Published", expanded.GetProperty("title").GetString());
    }

    [Fact]
    public async Task The_last_superuser_is_not_deleted()
    {
        var listed = await _blog.Server.SendAsync("GET", "/api/collections/_superusers/records", token: Root);
        var id = listed.Json.GetProperty("items")[0].GetProperty("id").GetString()!;
        Assert.Equal(400, (await DeleteAsync("_superusers", id)).Status);
    }

    private Task<ApiAnswer> DeleteAsync(string collection, string id) =>
        _blog.Server.SendAsync("DELETE", $"/api/collections/{collection}/records/{id}", token: Root);

    private Task<ApiAnswer> ViewAsync(string collection, string id, string query = "") =>
        _blog.Server.SendAsync("GET", $"/api/collections/{collection}/records/{id}{query}", token: Root);
}
