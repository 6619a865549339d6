namespace Platform.TenantShard.Tests.Http;

/// <summary>A tenant with a small blog: authors that log in, posts with rules, comments that cascade.</summary>
public sealed class BlogApi : IAsyncLifetime
{
    public const string Ann = "ann";
    public const string Bob = "bob";
    public const string Root = "root";

    private const string Posts = """
        {
          "name": "posts", "type": "base",
          "listRule": "published = true || author = @request.auth.id",
          "viewRule": "published = true || author = @request.auth.id",
          "createRule": "@request.auth.id != '' && author = @request.auth.id",
          "updateRule": "author = @request.auth.id",
          "deleteRule": "author = @request.auth.id",
          "fields": [
            {"type":"text","name":"title","required":true,"min":3,"max":40},
            {"type":"text","name":"slug","pattern":"^[a-z-]+$"},
            {"type":"bool","name":"published"},
            {"type":"number","name":"rank","min":0,"max":100,"onlyInt":true},
            {"type":"email","name":"contact","onlyDomains":["example.com"]},
            {"type":"url","name":"link"},
            {"type":"date","name":"due","min":"2020-01-01 00:00:00.000Z"},
            {"type":"json","name":"meta","maxSize":50},
            {"type":"select","name":"kind","values":["news","essay"]},
            {"type":"select","name":"tags","maxSelect":2,"values":["a","b","c"]},
            {"type":"relation","name":"author","collectionId":"_pb_users_auth_","maxSelect":1},
            {"type":"relation","name":"reviewers","collectionId":"_pb_users_auth_","maxSelect":3},
            {"type":"text","name":"note","hidden":true},
            {"type":"autodate","name":"created","onCreate":true}
          ],
          "indexes": ["CREATE UNIQUE INDEX idx_posts_slug ON posts (slug) WHERE slug != ''"]
        }
        """;

    private readonly Dictionary<string, string> _tokens = [];
    private readonly Dictionary<string, string> _ids = [];

    internal ApiServer Server { get; private set; } = null!;

    internal IReadOnlyDictionary<string, string> Tokens => _tokens;

    /// <summary>Ids of what the set-up created: ann, bob, draft, post.</summary>
    internal IReadOnlyDictionary<string, string> Ids => _ids;

    public async Task InitializeAsync()
    {
        Server = await ApiServer.StartAsync(bodyBytesMax: 10_000);
        var root = _tokens[Root] = await Server.SuperuserTokenAsync();
        var posts = await Server.CreateCollectionAsync(Posts);
        await Server.CreateCollectionAsync($$"""
            {
              "name": "comments", "type": "base", "listRule": "", "viewRule": "", "createRule": "",
              "fields": [
                {"type":"relation","name":"post","collectionId":"{{posts.Id}}","cascadeDelete":true,"required":true},
                {"type":"text","name":"text"}
              ]
            }
            """);
        foreach (var name in new[] { Ann, Bob })
        {
            _ids[name] = await Server.CreateAsync("users", $$"""
                {"email":"{{name}}@example.com","password":"{{name}}-password","passwordConfirm":"{{name}}-password",
                 "name":"{{name}}"}
                """, root);
            _tokens[name] = await Server.LoginAsync("users", $"{name}@example.com", $"{name}-password");
        }

        _ids["post"] = await Server.CreateAsync("posts", $$"""
            {"title":"Published","slug":"published","published":true,"rank":5,"author":"{{_ids[Ann]}}",
             "note":"secret note"}
            """, root);
        _ids["draft"] = await Server.CreateAsync(
            "posts", $$"""{"title":"Draft","slug":"draft","author":"{{_ids[Ann]}}"}""", root);
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();

    /// <summary>Runs a row whose path and body may name ids as <c>{ann}</c>.</summary>
    internal Task RunAsync(ApiScenario scenario)
    {
        foreach (var (name, id) in _ids)
        {
            scenario.Path = scenario.Path.Replace($"{{{name}}}", id, StringComparison.Ordinal);
            scenario.Body = scenario.Body?.Replace($"{{{name}}}", id, StringComparison.Ordinal);
        }

        return scenario.RunAsync(Server, Tokens);
    }
}
