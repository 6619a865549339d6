using System.Text.Json.Nodes;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Collections.Json;

namespace Platform.TenantShard.Tests.Collections;

public sealed class UpdateCollectionTests
{
    private const string Posts = """
        {"id":"posts","name":"posts","fields":[
            {"type":"text","name":"title","id":"f_title"},{"type":"number","name":"rank","id":"f_rank"},
            {"type":"select","name":"tag","id":"f_tag","values":["a","b","c"],"maxSelect":1}],
         "indexes":["CREATE INDEX idx_title ON posts (title)","CREATE INDEX idx_expr ON posts (lower(title)) WHERE title != ''"]}
        """;

    [Fact]
    public void Renaming_a_field_keeps_its_data_and_its_indexes_follow()
    {
        using var database = WithPosts();

        database.Update("posts", Fields(database, fields => fields["f_title"]["name"] = "headline"));

        Assert.Equal(["hello|5|a", "world|7|"], database.Rows("SELECT headline, rank, tag FROM posts ORDER BY rank"));
        Assert.Equal(
            ["CREATE INDEX `idx_title` ON `posts` (`headline`)",
                "CREATE INDEX `idx_expr` ON `posts` (lower(`headline`)) WHERE `headline` != ''"],
            database.Schema.FindByName("posts")!.Indexes);
        Assert.Equal("headline", database.Scalar("SELECT name FROM pragma_index_info('idx_title')"));
        AssertSound(database);
    }

    [Fact]
    public void Two_fields_can_swap_their_names()
    {
        using var database = WithPosts();

        database.Update("posts", Fields(database, fields =>
        {
            fields["f_title"]["name"] = "rank";
            fields["f_rank"]["name"] = "title";
        }));

        Assert.Equal(["5|hello", "7|world"], database.Rows("SELECT title, rank FROM posts ORDER BY title"));
        AssertSound(database);
    }

    [Fact]
    public void A_dropped_field_frees_its_name_for_a_new_one()
    {
        using var database = WithPosts();

        database.Update("posts", """
            {"indexes":[],"fields":[{"type":"text","name":"title","id":"f_title"},{"type":"text","name":"rank","id":"new"}]}
            """);

        Assert.Equal(["hello|", "world|"], database.Rows("SELECT title, rank FROM posts ORDER BY title"));
        Assert.Equal(
            ["id", "title", "rank"], database.Schema.FindByName("posts")!.Fields.Select(field => field.Name));
        AssertSound(database);
    }

    [Fact]
    public void One_value_becomes_a_list_and_a_list_becomes_its_last_value()
    {
        using var database = WithPosts();

        database.Update("posts", Fields(database, fields => fields["f_tag"]["maxSelect"] = 2));
        Assert.Equal(["""["a"]""", "[]"], database.Rows("SELECT tag FROM posts ORDER BY rank"));

        database.Execute("""UPDATE posts SET tag = '["b","c"]' WHERE rank = 7""");
        database.Update("posts", Fields(database, fields => fields["f_tag"]["maxSelect"] = 1));
        Assert.Equal(["a", "c"], database.Rows("SELECT tag FROM posts ORDER BY rank"));
        Assert.Equal(["TEXT"], database.Rows("SELECT type FROM pragma_table_info('posts') WHERE name = 'tag'"));
        AssertSound(database);
    }

    [Fact]
    public void Renaming_a_collection_keeps_data_indexes_and_relations()
    {
        using var database = WithPosts();
        database.Create(
            """{"name":"notes","fields":[{"type":"relation","name":"post","collectionId":"posts"}]}""");

        database.Update("posts", """{"name":"articles"}""");

        Assert.Equal(["hello", "world"], database.Rows("SELECT title FROM articles ORDER BY rank"));
        Assert.Equal(["articles", "articles"], database.Rows("SELECT tbl_name FROM sqlite_master WHERE name LIKE 'idx_title' OR name LIKE 'idx_expr'"));
        Assert.All(database.Schema.FindByName("articles")!.Indexes, index => Assert.Contains("`articles`", index, StringComparison.Ordinal));
        Assert.Null(database.Schema.FindByName("posts"));
        Assert.Equal("posts", database.Schema.FindByName("articles")!.Id);
        AssertSound(database);
    }

    [Fact]
    public void A_name_may_change_only_in_case()
    {
        using var database = WithPosts();

        database.Update("posts", """{"name":"Posts"}""");
        database.Update("posts", Fields(database, fields => fields["f_title"]["name"] = "Title"));

        Assert.Equal("Posts", database.Schema.FindById("posts")!.Name);
        Assert.Equal(["hello"], database.Rows("SELECT Title FROM Posts WHERE rank = 5"));
        AssertSound(database);
    }

    [Fact]
    public void A_field_that_comes_without_its_id_keeps_its_column()
    {
        using var database = WithPosts();

        var posts = database.Update("posts", """
            {"indexes":[],"fields":[{"type":"text","name":"title","max":10},{"type":"number","name":"rank"}]}
            """);

        Assert.Equal("f_title", posts.FindField("title")!.Id);
        Assert.Equal(["hello|5", "world|7"], database.Rows("SELECT title, rank FROM posts ORDER BY rank"));
    }

    [Fact]
    public void Members_that_are_absent_stay_as_they_are()
    {
        using var database = WithPosts();
        database.Update("posts", """{"listRule":"title != ''","viewRule":""}""");

        var posts = database.Update("posts", """{"viewRule":null,"unknown":{"x":1}}""");

        Assert.Equal(("title != ''", null), (posts.ListRule, posts.ViewRule));
        Assert.Equal(4, posts.Fields.Count);
        Assert.Equal(2, posts.Indexes.Count);
    }

    [Fact]
    public void A_changed_auth_rule_ends_the_tokens_given_under_the_old_one()
    {
        using var database = new TenantDatabase();
        database.Run(new Platform.TenantShard.Templates.TenantInitialization(TenantDatabase.Now));
        var before = Secret(database);

        database.Update("users", """{"listRule":null}""");
        Assert.Equal(before, Secret(database));
        database.Update("users", """{"authRule":"verified = true"}""");
        Assert.NotEqual(before, Secret(database));
    }

    [Fact]
    public void Client_secrets_that_are_not_sent_back_are_kept()
    {
        using var database = new TenantDatabase();
        database.Run(new Platform.TenantShard.Templates.TenantInitialization(TenantDatabase.Now));
        database.Update("users", """
            {"oauth2":{"enabled":true,"providers":[{"name":"google","clientId":"a","clientSecret":"s"}]}}
            """);

        var users = database.Update("users", """{"oauth2":{"providers":[{"name":"google","clientId":"b"}]}}""");

        var provider = AuthOptionsJson.Read(users.Options).OAuth2.Providers[0];
        Assert.Equal(("b", "s"), (provider.ClientId, provider.ClientSecret));
    }

    public static TheoryData<string, string, string, string> BadInput => new()
    {
        { "posts", """{"id":"other"}""", "id", "validation_values_mismatch" },
        { "posts", """{"type":"auth"}""", "type", "validation_collection_type_change" },
        { "posts", """{"system":true}""", "system", "validation_collection_system_flag_change" },
        { "posts", """{"name":"users"}""", "name", "validation_collection_name_exists" },
        { "posts", """{"fields":[{"type":"number","name":"title","id":"f_title"}]}""", "fields.1.type", "validation_field_type_change" },
        { "posts", """{"fields":[{"type":"text","name":"id2","id":"text3208210256"}]}""", "fields", "validation_system_field_change" },
        { "posts", """{"fields":[{"type":"number","name":"rank","id":"f_rank"}]}""", "indexes.0", "validation_invalid_index_expression" },
        { "posts", """{"indexes":["CREATE UNIQUE INDEX idx_u ON posts ((1))"]}""", "indexes.0", "validation_invalid_index_expression" },
        { "posts", """{"listRule":"nope = 1"}""", "listRule", "validation_invalid_rule" },
        { "posts", """{"listRule":"title ="}""", "listRule", "validation_invalid_rule" },
        { "posts", """{"createRule":"@request.auth.nope.x = 1 &&"}""", "createRule", "validation_invalid_rule" },
        { "posts", """{"viewRule":5}""", "viewRule", "validation_invalid_type" },
        { "_superusers", """{"name":"admins"}""", "name", "validation_collection_system_name_change" },
        { "_superusers", """{"listRule":""}""", "listRule", "validation_collection_system_rule_change" },
        { "_superusers", """{"authRule":"id = ''"}""", "authRule", "validation_collection_system_rule_change" },
        { "users", """{"authRule":"nope = 1"}""", "authRule", "validation_invalid_rule" },
        { "_authOrigins", """{"indexes":[]}""", "indexes", "validation_invalid_unique_system_field_index" },
    };

    [Theory]
    [MemberData(nameof(BadInput))]
    public void Bad_input_is_refused_with_a_code_at_the_field_and_changes_nothing(
        string collection, string body, string path, string code)
    {
        using var database = WithPosts();
        database.Run(new Platform.TenantShard.Templates.TenantInitialization(TenantDatabase.Now));

        var refusal = database.Refused(
            new UpdateCollection(collection, TenantDatabase.Json(body), TenantDatabase.Clock));

        Assert.Equal((400, "Failed to update collection."), (refusal.Status, refusal.Message));
        Assert.Equal(code, TenantDatabase.ErrorAt(refusal, path).Code);
        Assert.Equal(["hello", "world"], database.Rows("SELECT title FROM posts ORDER BY rank"));
    }

    [Fact]
    public void An_unknown_collection_is_not_found()
    {
        using var database = new TenantDatabase();

        var refusal = database.Refused(
            new UpdateCollection("nope", TenantDatabase.Json("{}"), TenantDatabase.Clock));

        Assert.Equal(404, refusal.Status);
    }

    [Fact]
    public void A_real_app_can_be_changed()
    {
        using var vectors = new VectorDatabase();
        var schema = SchemaLoader.Load(vectors.Connection);
        var scope = new Platform.TenantShard.Shards.WriteScope(vectors.Connection, schema);
        vectors.Connection.Execute("BEGIN");

        new UpdateCollection("demo1", TenantDatabase.Json("""{"name":"demo1_renamed"}"""), TenantDatabase.Clock).Execute(scope);
        new UpdateCollection("demo2", TenantDatabase.Json("""{"listRule":"active = true"}"""), TenantDatabase.Clock).Execute(scope);
        var demo1 = JsonNode.Parse(CollectionJson.ToBytes(scope.Schema.FindByName("demo1_renamed")!, CollectionJson.Write))!;
        demo1["fields"]!.AsArray().First(field => field!["name"]!.GetValue<string>() == "rel_one")!["maxSelect"] = 3;
        new UpdateCollection("demo1_renamed", TenantDatabase.Json(demo1.ToJsonString()), TenantDatabase.Clock).Execute(scope);
        vectors.Connection.Execute("COMMIT");

        using var statement = vectors.Connection.Prepare("SELECT count(*), count(DISTINCT rel_one) FROM view1");
        Assert.True(statement.Step());
        Assert.Equal(3, statement.Int64(0));
    }

    private static TenantDatabase WithPosts()
    {
        var database = new TenantDatabase();
        database.Create(Posts);
        database.Execute("INSERT INTO posts (title, rank, tag) VALUES ('hello', 5, 'a'), ('world', 7, '')");
        return database;
    }

    private static string Fields(TenantDatabase database, Action<Dictionary<string, JsonNode>> change)
    {
        var json = JsonNode.Parse(
            CollectionJson.ToBytes(database.Schema.FindById("posts")!, CollectionJson.Write))!.AsObject();
        change(json["fields"]!.AsArray().ToDictionary(field => field!["id"]!.GetValue<string>(), field => field!));
        return new JsonObject { ["fields"] = json["fields"]!.DeepClone() }.ToJsonString();
    }

    private static void AssertSound(TenantDatabase database)
    {
        Assert.Equal("ok", database.Scalar("PRAGMA integrity_check"));
        var loaded = SchemaLoader.Load(database.Connection);
        Assert.Equal(Describe(loaded), Describe(database.Schema));
        foreach (var collection in loaded.Collections)
        {
            Assert.Equal(
                collection.Fields.Select(field => field.Name).Order(StringComparer.Ordinal),
                database.Rows($"SELECT name FROM pragma_table_info('{collection.Name}')").Order(StringComparer.Ordinal));
        }
    }

    private static List<string> Describe(SchemaSnapshot schema) =>
        [
            .. schema.Collections.Select(collection => System.Text.Encoding.UTF8.GetString(
                CollectionJson.ToBytes(collection, CollectionJson.Write))),
        ];

    private static string Secret(TenantDatabase database) =>
        AuthOptionsJson.Read(database.Schema.FindByName("users")!.Options).AuthToken.Secret;
}
