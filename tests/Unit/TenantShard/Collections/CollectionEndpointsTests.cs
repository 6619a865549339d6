using System.Text.Json;
using Platform.TenantShard.Tests.Http;

namespace Platform.TenantShard.Tests.Collections;

public sealed class CollectionEndpointsTests
{
    public static TheoryData<ApiScenario> Scenarios => new()
    {
        New("guests see no collections", "GET", "/api/collections", 401, @as: null, contains: ["\"status\":401"]),
        New("users see no collections", "GET", "/api/collections", 403, @as: "user", contains: ["\"status\":403"]),
        New("guests create none", "POST", "/api/collections", 401, body: """{"name":"x"}""", @as: null),
        New("users delete none", "DELETE", "/api/collections/posts", 403, @as: "user"),
        New("list", "GET", "/api/collections", 200, contains: ["\"page\":1", "\"perPage\":30", "\"totalItems\":8", "\"totalPages\":1", "\"name\":\"posts\""], lacks: ["\"secret\""]),
        New("page", "GET", "/api/collections?page=2&perPage=3&sort=name", 200, contains: ["\"page\":2", "\"totalPages\":3", "\"name\":\"_otps\""], lacks: ["\"name\":\"users\""]),
        New("filter", "GET", "/api/collections?filter=" + Uri.EscapeDataString("system = false && type = 'base'"), 200, contains: ["\"totalItems\":2", "posts", "notes"]),
        New("filter of what is no column", "GET", "/api/collections?filter=fields%3D1", 400),
        New("sort of what is no column", "GET", "/api/collections?sort=options", 400),
        New("skip total", "GET", "/api/collections?skipTotal=1", 200, contains: ["\"totalItems\":-1", "\"totalPages\":-1"]),
        New("fields of a list", "GET", "/api/collections?fields=name&sort=-name", 200, contains: ["""{"items":[{"name":"users"},{"name":"posts"}""", "\"totalItems\":8"]),
        New("view by name", "GET", "/api/collections/posts", 200, contains: ["\"id\":\"posts\"", "\"viewRule\":\"\"", "\"type\":\"base\"", "\"system\":false"]),
        New("view by id", "GET", "/api/collections/_pb_users_auth_", 200, contains: ["\"name\":\"users\"", "\"authToken\":{\"duration\":604800}"], lacks: ["\"secret\""]),
        New("view with fields", "GET", "/api/collections/posts?fields=name,type", 200, contains: ["""{"name":"posts","type":"base"}"""]),
        New("view of an unknown one", "GET", "/api/collections/nope", 404, contains: ["\"data\":{}", "\"status\":404"]),
        New("create", "POST", "/api/collections", 200, body: """{"name":"tags","fields":[{"type":"text","name":"label"}]}""", contains: ["\"name\":\"label\"", "\"id\":\"text3208210256\""]),
        New("create with mistakes", "POST", "/api/collections", 400, body: """{"name":"x","fields":[{"type":"text","name":""}]}""", contains: ["\"fields\":{\"1\":{\"name\":{\"code\":\"validation_required\""]),
        New("create without a body", "POST", "/api/collections", 400, contains: ["\"name\":{\"code\":\"validation_required\""]),
        New("create with broken JSON", "POST", "/api/collections", 400, body: "{\"name\":", contains: ["invalid formatting"]),
        New("create with a list", "POST", "/api/collections", 400, body: "[]"),
        New("create with a rule that does not compile", "POST", "/api/collections", 400, body: """{"name":"x","listRule":"nope = 1"}""", contains: ["\"listRule\":{\"code\":\"validation_invalid_rule\""]),
        New("create a view", "POST", "/api/collections", 200, body: """{"name":"v","type":"view","viewQuery":"select id, title from posts"}""", contains: ["\"viewQuery\":\"select id, title from posts\"", "_clone_"]),
        New("create a view of what is not there", "POST", "/api/collections", 400, body: """{"name":"v","type":"view","viewQuery":"SELECT id FROM nope"}""", contains: ["validation_invalid_view_query"]),
        New("update", "PATCH", "/api/collections/posts", 200, body: """{"name":"articles"}""", contains: ["\"name\":\"articles\""]),
        New("update with a mistake", "PATCH", "/api/collections/posts", 400, body: """{"name":"users"}""", contains: ["validation_collection_name_exists"]),
        New("update an unknown one", "PATCH", "/api/collections/nope", 404, body: "{}"),
        New("delete", "DELETE", "/api/collections/notes", 204),
        New("delete one in use", "DELETE", "/api/collections/posts", 400, contains: ["notes", "existing dependency"]),
        New("delete a system one", "DELETE", "/api/collections/_superusers", 400),
        New("delete an unknown one", "DELETE", "/api/collections/nope", 404),
        New("truncate", "DELETE", "/api/collections/posts/truncate", 204),
        New("truncate the superusers", "DELETE", "/api/collections/_superusers/truncate", 400),
        New("truncate an unknown one", "DELETE", "/api/collections/nope/truncate", 404),
        New("import", "PUT", "/api/collections/import", 204, body: """{"collections":[{"name":"a"},{"name":"b"}]}"""),
        New("import nothing", "PUT", "/api/collections/import", 400, body: """{"collections":[]}""", contains: ["validation_required"]),
        New("import a mistake", "PUT", "/api/collections/import", 400, body: """{"collections":[{"name":"a"},{"name":"b c"}]}""", contains: ["\"b c\":{\"name\":{\"code\":\"validation_match_invalid\""]),
        New("import by a user", "PUT", "/api/collections/import", 403, body: """{"collections":[{"name":"a"}]}""", @as: "user"),
        New("providers", "GET", "/api/collections/meta/oauth2-providers", 200, contains: ["[{\"name\":\"apple\",\"displayName\":\"Apple\",\"logo\":\"<svg ", "\"name\":\"oidc3\""]),
        New("providers for users", "GET", "/api/collections/meta/oauth2-providers", 403, @as: "user"),
        New("dry run", "POST", "/api/collections/meta/dry-run-view", 200, body: """{"query":"SELECT id, email, count(*) AS n FROM users GROUP BY id;"}""", contains: ["\"fields\":[{", "\"name\":\"n\"", "\"primaryKey\":true", "\"sample\":["]),
        New("dry run of superusers", "POST", "/api/collections/meta/dry-run-view", 200, body: """{"query":"SELECT id FROM _superusers"}""", contains: ["\"sample\":[{\"collectionId\":\"pbc_", "\"collectionName\":\"temp_view_", "\"id\":\""]),
        New("dry run of nonsense", "POST", "/api/collections/meta/dry-run-view", 400, body: """{"query":"SELECT id FROM nope"}""", contains: ["Invalid view query. Raw error: "]),
        New("dry run of two statements", "POST", "/api/collections/meta/dry-run-view", 400, body: """{"query":"SELECT 1 AS id; DELETE FROM users"}""", contains: ["Invalid view query.", "multiple statements"]),
        New("dry run of nothing", "POST", "/api/collections/meta/dry-run-view", 400, body: "{}", contains: ["validation_required"]),
        New("dry run by guests", "POST", "/api/collections/meta/dry-run-view", 401, body: "{}", @as: null),
        New("scaffolds", "GET", "/api/collections/meta/scaffolds", 200, contains: ["{\"auth\":{\"id\":\"\"", "\"base\":{", "\"view\":{", "idx_tokenKey__pbc_"], lacks: ["\"secret\""]),
    };

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task The_endpoints_answer_as_the_contract_says(ApiScenario scenario)
    {
        await using var server = await ApiServer.StartAsync();
        var root = await PrepareAsync(server);
        var user = scenario.As == "user" ? await SignUpAsync(server, root) : "";

        await scenario.RunAsync(server, new Dictionary<string, string> { ["root"] = root, ["user"] = user });
    }

    [Fact]
    public async Task Records_follow_a_changed_collection_at_once()
    {
        await using var server = await ApiServer.StartAsync();
        var root = await PrepareAsync(server);
        await server.SendAsync("POST", "/api/collections/posts/records", """{"id":"aaaaaaaaaaaaaaa","title":"hello"}""", root);

        var posts = await server.SendAsync("GET", "/api/collections/posts", token: root);
        var changed = posts.Body.Replace("\"name\":\"title\"", "\"name\":\"headline\"", StringComparison.Ordinal);
        Assert.Equal(200, (await server.SendAsync("PATCH", "/api/collections/posts", changed, root)).Status);

        var record = await server.SendAsync("GET", "/api/collections/posts/records/aaaaaaaaaaaaaaa");
        Assert.Equal("hello", record.Text("headline"));
        Assert.False(record.Json.TryGetProperty("title", out _));
    }

    [Fact]
    public async Task A_scaffold_with_a_name_can_be_created()
    {
        await using var server = await ApiServer.StartAsync();
        var root = await PrepareAsync(server);
        var scaffolds = await server.SendAsync("GET", "/api/collections/meta/scaffolds", token: root);
        var auth = scaffolds.Json.GetProperty("auth").GetRawText()
            .Replace("\"name\":\"\"", "\"name\":\"members\"", StringComparison.Ordinal);

        var created = await server.SendAsync("POST", "/api/collections", auth, root);

        Assert.True(created.Status == 200, created.Body);
        Assert.Equal(2, created.Json.GetProperty("indexes").GetArrayLength());
        Assert.Contains("`members`", created.Json.GetProperty("indexes")[0].GetString(), StringComparison.Ordinal);
        Assert.True((await server.SendAsync(
            "POST", "/api/collections/members/records",
            """{"email":"a@b.example","password":"12345678","passwordConfirm":"12345678"}""", root)).Status == 200);
    }

    [Fact]
    public async Task Truncate_deletes_what_cascades_and_clears_other_references()
    {
        await using var server = await ApiServer.StartAsync();
        var root = await PrepareAsync(server);
        await server.SendAsync("POST", "/api/collections/posts/records", """{"id":"aaaaaaaaaaaaaaa","title":"x"}""", root);
        await server.SendAsync("POST", "/api/collections/notes/records", """{"post":"aaaaaaaaaaaaaaa"}""", root);

        Assert.Equal(204, (await server.SendAsync("DELETE", "/api/collections/posts/truncate", token: root)).Status);

        Assert.Equal(0, await TotalAsync(server, "posts", root));
        Assert.Equal(1, await TotalAsync(server, "notes", root));
        var notes = await server.SendAsync("GET", "/api/collections/notes/records", token: root);
        Assert.Equal("", notes.Json.GetProperty("items")[0].GetProperty("post").GetString());
    }

    private static async Task<int> TotalAsync(ApiServer server, string collection, string token)
    {
        var list = await server.SendAsync("GET", $"/api/collections/{collection}/records", token: token);
        return list.Json.GetProperty("totalItems").GetInt32();
    }

    private static async Task<string> PrepareAsync(ApiServer server)
    {
        await server.CreateCollectionAsync(
            """{"id":"posts","name":"posts","viewRule":"","fields":[{"type":"text","name":"title"}]}""");
        await server.CreateCollectionAsync(
            """{"id":"notes","name":"notes","fields":[{"type":"relation","name":"post","collectionId":"posts"}]}""");
        return await server.SuperuserTokenAsync();
    }

    private static async Task<string> SignUpAsync(ApiServer server, string root)
    {
        var user = JsonSerializer.Serialize(
            new { email = "user@example.com", password = "12345678", passwordConfirm = "12345678" });
        Assert.Equal(200, (await server.SendAsync("POST", "/api/collections/users/records", user, root)).Status);
        return await server.LoginAsync("users", "user@example.com", "12345678");
    }

    private static ApiScenario New(
        string name, string method, string path, int status, string? body = null, string? @as = "root",
        string[]? contains = null, string[]? lacks = null) => new()
        {
            Name = name,
            Method = method,
            Path = path,
            Status = status,
            Body = body,
            As = @as,
            Contains = contains ?? [],
            Lacks = lacks ?? [],
        };
}
