using Platform.TenantShard.Collections;
using Platform.TenantShard.Collections.Fields;

namespace Platform.TenantShard.Tests.Collections.Views;

public sealed class ViewCollectionTests
{
    private const string Posts = """
        {"id":"posts","name":"posts","fields":[{"type":"text","name":"title","id":"f_title"},
            {"type":"select","name":"tag","id":"f_tag","values":["a","b"],"maxSelect":1},
            {"type":"relation","name":"author","id":"f_author","collectionId":"_pb_users_auth_"}]}
        """;

    [Fact]
    public void Fields_are_derived_from_what_the_query_shows()
    {
        using var database = WithPosts();

        var view = database.Create("""
            {"name":"stats","type":"view","viewQuery":"SELECT p.id, p.title AS headline, u.id user, count(p.id) as total, CAST(sum(1) AS INT) n, cast(p.tag as text) t, p.tag || 'x' other FROM posts p LEFT JOIN users u ON u.id = p.author GROUP BY p.id;"}
            """);

        Assert.Equal(
            ["id:text", "headline:text", "user:relation", "total:number", "n:number", "t:text", "other:json"],
            view.Fields.Select(field => $"{field.Name}:{field.Type}"));
        Assert.Equal("_pb_users_auth_", Assert.IsType<RelationField>(view.FindField("user")).CollectionId);
        Assert.Equal(["x1|hello|NULL|1|1|a|ax"], database.Rows("SELECT * FROM stats"));
        Assert.StartsWith("_clone_", view.FindField("headline")!.Id, StringComparison.Ordinal);
    }

    [Fact]
    public void Ids_that_are_numbers_become_text()
    {
        using var database = WithPosts();

        database.Create("""{"name":"n","type":"view","viewQuery":"select (ROW_NUMBER() OVER()) as id, title from posts"}""");

        Assert.Equal(["text|1"], database.Rows("SELECT typeof(id), id FROM n"));
    }

    [Fact]
    public void A_changed_field_shows_in_the_views_that_copy_it()
    {
        using var database = WithPosts();
        database.Create("""{"name":"tags","type":"view","viewQuery":"SELECT id, tag FROM posts"}""");
        database.Create("""{"name":"tags2","type":"view","viewQuery":"SELECT id, tag as label FROM tags"}""");

        database.Update("posts", """
            {"fields":[{"type":"text","name":"title","id":"f_title"},{"type":"select","name":"tag","id":"f_tag","values":["a","b"],"maxSelect":2},
                {"type":"relation","name":"author","id":"f_author","collectionId":"_pb_users_auth_"}]}
            """);

        Assert.True(database.Schema.FindByName("tags")!.FindField("tag")!.IsMultiple);
        Assert.True(database.Schema.FindByName("tags2")!.FindField("label")!.IsMultiple);
        Assert.Equal(["""["a"]"""], database.Rows("SELECT label FROM tags2"));
    }

    [Fact]
    public void A_field_that_a_view_uses_cannot_be_dropped()
    {
        using var database = WithPosts();
        database.Create("""{"name":"tags","type":"view","viewQuery":"SELECT id, tag FROM posts"}""");

        var refusal = database.Refused(new UpdateCollection(
            "posts", TenantDatabase.Json("""{"fields":[{"type":"text","name":"title","id":"f_title"}]}"""), TenantDatabase.Clock));

        Assert.Equal("validation_field_used_by_view", refusal.FieldErrors["fields"].Code);
        Assert.Contains("tags", refusal.FieldErrors["fields"].Message, StringComparison.Ordinal);
        Assert.Equal(["a"], database.Rows("SELECT tag FROM tags"));
    }

    [Fact]
    public void Renames_are_carried_into_the_views_that_read_what_is_renamed()
    {
        using var database = WithPosts();
        database.Create("""{"name":"titles","type":"view","viewQuery":"SELECT id, title, tag as label FROM posts"}""");

        database.Update("posts", """
            {"name":"articles","fields":[{"type":"text","name":"headline","id":"f_title"},
                {"type":"select","name":"kind","id":"f_tag","values":["a","b"],"maxSelect":1},
                {"type":"relation","name":"author","id":"f_author","collectionId":"_pb_users_auth_"}]}
            """);

        var view = database.Schema.FindByName("titles")!;
        Assert.Equal(["id", "headline", "label"], view.Fields.Select(field => field.Name));
        Assert.Equal(["x1|hello|a"], database.Rows("SELECT id, headline, label FROM titles"));
        Assert.Contains("articles", view.Options.GetProperty("viewQuery").GetString(), StringComparison.Ordinal);
        database.Update("titles", """{"listRule":"headline != ''"}""");
    }

    [Fact]
    public void A_view_that_cannot_follow_a_rename_stops_it()
    {
        using var database = WithPosts();
        database.Create("""{"name":"n","type":"view","viewQuery":"select (ROW_NUMBER() OVER()) as id, title from posts"}""");

        var refusal = database.Refused(new UpdateCollection(
            "posts",
            TenantDatabase.Json("""{"fields":[{"type":"text","name":"headline","id":"f_title"}]}"""),
            TenantDatabase.Clock));

        Assert.Equal("validation_field_used_by_view", refusal.FieldErrors["fields"].Code);
    }

    [Fact]
    public void A_view_can_get_another_query_and_name()
    {
        using var database = WithPosts();
        database.Create("""{"name":"v","type":"view","viewQuery":"SELECT id, tag FROM posts"}""");

        var view = database.Update("v", """{"name":"w","viewQuery":"SELECT id, title FROM posts"}""");

        Assert.Equal(["id", "title"], view.Fields.Select(field => field.Name));
        Assert.Equal(["x1|hello"], database.Rows("SELECT * FROM w"));
        Assert.Empty(database.Rows("SELECT 1 FROM sqlite_master WHERE name = 'v'"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("SELECT title FROM posts")]
    [InlineData("SELECT * FROM posts")]
    [InlineData("SELECT posts.* FROM posts")]
    [InlineData("SELECT id FROM nowhere")]
    [InlineData("SELECT id, nope FROM posts")]
    [InlineData("SELECT id FROM posts; DROP TABLE posts")]
    [InlineData("SELECT id FROM posts); DROP TABLE posts; --")]
    [InlineData("SELECT id FROM posts) WHERE (1")]
    [InlineData("DELETE FROM posts RETURNING id")]
    [InlineData("SELECT id, ? FROM posts")]
    [InlineData("SELECT id, 'x FROM posts")]
    [InlineData("PRAGMA table_info(posts)")]
    public void Other_queries_are_refused(string query)
    {
        using var database = WithPosts();
        var body = $$"""{"name":"v","type":"view","viewQuery":"{{query}}"}""";

        var refusal = database.Refused(new CreateCollection(TenantDatabase.Json(body), TenantDatabase.Clock));

        Assert.Equal(
            query.Length == 0 ? "validation_required" : "validation_invalid_view_query",
            refusal.FieldErrors["viewQuery"].Code);
        Assert.Equal(["hello"], database.Rows("SELECT title FROM posts"));
    }

    [Fact]
    public void A_view_has_no_write_rules_and_no_indexes()
    {
        using var database = WithPosts();

        var refusal = database.Refused(new CreateCollection(TenantDatabase.Json("""
            {"name":"v","type":"view","viewQuery":"SELECT id FROM posts","createRule":"","indexes":["CREATE INDEX i ON v (id)"]}
            """), TenantDatabase.Clock));

        Assert.Equal("validation_nil", refusal.FieldErrors["createRule"].Code);
        Assert.Equal("validation_indexes_not_supported", refusal.FieldErrors["indexes"].Code);
    }

    private static TenantDatabase WithPosts()
    {
        var database = new TenantDatabase();
        database.Create(Posts);
        database.Execute("INSERT INTO posts (id, title, tag) VALUES ('x1', 'hello', 'a')");
        return database;
    }
}
