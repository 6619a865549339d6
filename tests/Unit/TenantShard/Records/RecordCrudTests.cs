using Platform.TenantShard.Tests.Http;

namespace Platform.TenantShard.Tests.Records;

public sealed class RecordCrudTests
{
    private const string Posts = """
        {
          "name": "posts", "type": "base", "listRule": "", "viewRule": "", "createRule": "", "updateRule": "",
          "deleteRule": "",
          "fields": [
            {"type":"text","name":"title","required":true,"max":20},
            {"type":"number","name":"views"},
            {"type":"bool","name":"active"},
            {"type":"date","name":"due"},
            {"type":"json","name":"meta"},
            {"type":"select","name":"tags","maxSelect":3,"values":["a","b","c"]},
            {"type":"autodate","name":"created","onCreate":true},
            {"type":"autodate","name":"updated","onCreate":true,"onUpdate":true}
          ]
        }
        """;

    [Fact]
    public async Task A_record_is_created_viewed_listed_updated_and_deleted()
    {
        await using var server = await ApiServer.StartAsync();
        await server.CreateCollectionAsync(Posts);
        const string Path = "/api/collections/posts/records";

        var created = await server.SendAsync(
            "POST", Path,
            """
            {"title":"H\u00e9llo \"w\"","views":"3","active":true,"due":"2024-02-03","meta":{"a":[1]},
             "tags":["a","b"]}
            """);
        Assert.True(created.Status == 200, created.Body);
        Assert.Equal("Héllo \"w\"", created.Text("title"));
        Assert.Equal(3, created.Json.GetProperty("views").GetInt32());
        Assert.Equal("2024-02-03 00:00:00.000Z", created.Text("due"));
        var id = created.Text("id");
        Assert.Matches("^[a-z0-9]{15}$", id);

        var viewed = await server.SendAsync("GET", $"{Path}/{id}");
        Assert.Equal(200, viewed.Status);
        Assert.Equal(created.Body, viewed.Body);

        var listed = await server.SendAsync("GET", Path);
        Assert.Equal(
            $$"""{"items":[{{created.Body}}],"page":1,"perPage":30,"totalItems":1,"totalPages":1}""", listed.Body);

        var updated = await server.SendAsync(
            "PATCH", $"{Path}/{id}", """{"views+":2,"tags-":"a","+tags":"c","active":null}""");
        Assert.True(updated.Status == 200, updated.Body);
        Assert.Equal(5, updated.Json.GetProperty("views").GetInt32());
        Assert.Equal("""["c","b"]""", updated.Json.GetProperty("tags").GetRawText());
        Assert.False(updated.Json.GetProperty("active").GetBoolean());
        Assert.Equal(updated.Body, (await server.SendAsync("GET", $"{Path}/{id}")).Body);

        var deleted = await server.SendAsync("DELETE", $"{Path}/{id}");
        Assert.Equal((204, ""), (deleted.Status, deleted.Body));
        Assert.Equal(404, (await server.SendAsync("GET", $"{Path}/{id}")).Status);
        Assert.Equal(404, (await server.SendAsync("DELETE", $"{Path}/{id}")).Status);
    }

    [Fact]
    public async Task A_superuser_logs_in_and_sees_what_guests_do_not()
    {
        await using var server = await ApiServer.StartAsync();
        await server.CreateCollectionAsync("""
            {"name":"private","type":"base","fields":[{"type":"text","name":"secret","hidden":true}]}
            """);
        var token = await server.SuperuserTokenAsync();
        const string Path = "/api/collections/private/records";
        Assert.Equal(403, (await server.SendAsync("POST", Path, """{"secret":"s"}""")).Status);
        var created = await server.SendAsync("POST", Path, """{"secret":"s"}""", token);
        Assert.True(created.Status == 200, created.Body);
        Assert.Equal("s", created.Text("secret"));
        Assert.Equal(403, (await server.SendAsync("GET", Path)).Status);
        Assert.Equal(200, (await server.SendAsync("GET", Path, token: "Bearer " + token)).Status);
    }
}
