using System.Buffers;
using System.Text;
using System.Text.Json;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Expanding;
using Platform.TenantShard.Projection;
using Platform.TenantShard.Requests;
using Platform.TenantShard.Shards;
using Platform.TenantShard.Tests.Filters;

namespace Platform.TenantShard.Tests.Expanding;

public sealed class ExpandTests(BlogDatabase blog) : IClassFixture<BlogDatabase>
{
    [Theory]
    [InlineData("author", 1, """{"id":"1","title":"Hello World","expand":{"author":{"id":"1","name":"Ada"}}}""")]
    [InlineData("author", 4, """{"id":"4","title":""}""")]
    [InlineData("author.user", 1,
        """{"id":"1","title":"Hello World","expand":{"author":{"id":"1","name":"Ada","expand":{"user":{"id":"1","name":"Ann"}}}}}""")]
    [InlineData("author.user,author", 3, """{"id":"3","title":"back\\slash 'quote'","expand":{"author":{"id":"3","name":""}}}""")]
    [InlineData("tags", 1,
        """{"id":"1","title":"Hello World","expand":{"tags":[{"id":"1","label":"red"},{"id":"2","label":"green"}]}}""")]
    [InlineData("tags", 2, """{"id":"2","title":"100% legal_name"}""")]
    [InlineData("tags", 3, """{"id":"3","title":"back\\slash 'quote'","expand":{"tags":[{"id":"1","label":"red"}]}}""")]
    [InlineData("comments_via_post", 3,
        """{"id":"3","title":"back\\slash 'quote'","expand":{"comments_via_post":[{"id":"3","body":"nice"}]}}""")]
    [InlineData("comments_via_mentions", 2,
        """{"id":"2","title":"100% legal_name","expand":{"comments_via_mentions":[{"id":"1","body":"nice"}]}}""")]
    [InlineData("comments_via_mentions", 4, """{"id":"4","title":""}""")]
    [InlineData("parent.comments_via_post.post", 2,
        """{"id":"2","title":"100% legal_name","expand":{"parent":{"id":"1","title":"Hello World","expand":{"comments_via_post":[{"id":"1","body":"nice","expand":{"post":{"id":"1","title":"Hello World"}}},{"id":"2","body":"bad","expand":{"post":{"id":"1","title":"Hello World"}}}]}}}}""")]
    [InlineData("author.nope", 1, """{"id":"1","title":"Hello World"}""")]
    [InlineData(".author,title,nope,author.nope, ,.,secret", 1,
        """{"id":"1","title":"Hello World","expand":{"author":{"id":"1","name":"Ada"}}}""")]
    [InlineData("comments_via_body,tags_via_post,_via_", 1, """{"id":"1","title":"Hello World"}""")]
    public void Related_records_are_nested(string expand, int post, string expected) =>
        Assert.Equal(expected, Expand(expand)[post - 1]);

    [Theory]
    [InlineData("*,expand.author.name", """{"id":"1","title":"Hello World","expand":{"author":{"name":"Ada"}}}""")]
    [InlineData("expand.tags.id", """{"expand":{"tags":[{"id":"1"},{"id":"2"}]}}""")]
    [InlineData("id", """{"id":"1"}""")]
    [InlineData("expand.author.nope", """{"expand":{"author":{}}}""")]
    [InlineData("id,expand", """{"id":"1","expand":{"author":{"id":"1","name":"Ada"},"tags":[{"id":"1","label":"red"},{"id":"2","label":"green"}]}}""")]
    public void Fields_reach_into_the_expand(string fields, string expected) =>
        Assert.Equal(expected, Expand("author,tags", FieldProjection.Parse(fields))[0]);

    [Fact]
    public void Each_relation_of_a_level_takes_one_statement()
    {
        var source = new PlainExpandSource();
        Expand("author.user,tags,parent.tags,comments_via_post", source: source);
        Assert.Equal(1 + 6, source.Statements);
    }

    [Fact]
    public void Hidden_relations_need_not_be_read()
    {
        var source = new PlainExpandSource();
        Expand("author,tags", FieldProjection.Parse("id,expand.tags"), source: source);
        Assert.Equal(1 + 1, source.Statements);
    }

    [Theory]
    [InlineData(null, "id_users", 0)]
    [InlineData("", "id_users", 2)]
    [InlineData("name = 'Ada'", "id_users", 1)]
    [InlineData("user = @request.auth.id", "id_users", 1)]
    [InlineData("@request.context = 'expand'", "id_users", 2)]
    [InlineData("@request.context = 'default'", "id_users", 0)]
    [InlineData(null, "superusers", 2)]
    [InlineData("name = 'Ada'", "superusers", 2)]
    public void Only_records_that_the_client_may_view_are_shown(string? rule, string auth, int expected)
    {
        var schema = BlogSchema.Create(collection =>
            collection.Name == "authors" ? collection with { ViewRule = rule } : collection);
        var users = schema.FindByName("users")!;
        var identity = auth == "superusers" ? users with { Name = AuthIdentity.SuperusersName } : users;
        var request = new RequestInfo { Method = "GET", Auth = new AuthIdentity(identity, "user00000000001") };
        var records = Expand("author", request: request, schema: schema);
        Assert.Equal(expected, records.Take(2).Count(record => record.Contains("\"expand\"")));
    }

    [Fact]
    public void A_unique_back_relation_is_one_object()
    {
        var schema = BlogSchema.Create(collection => collection.Name == "comments"
            ? collection with { Indexes = ["CREATE UNIQUE INDEX `i` ON `comments` (`post`)"] }
            : collection);
        Assert.Equal(
            """{"id":"3","title":"back\\slash 'quote'","expand":{"comments_via_post":{"id":"3","body":"nice"}}}""",
            Expand("comments_via_post", schema: schema)[2]);
    }

    [Fact]
    public void Hidden_relations_are_for_superusers()
    {
        var schema = BlogSchema.Create(collection => collection with
        {
            Fields = [.. collection.Fields.Select(field => field.Name == "author" ? field with { IsHidden = true } : field)],
        });
        var posts = schema.FindByName("posts")!;
        Assert.Null(ExpandPlan.Parse(schema, posts, "author", seesHidden: false, ExpandLimits.Default));
        Assert.NotNull(ExpandPlan.Parse(schema, posts, "author", seesHidden: true, ExpandLimits.Default));
        var authors = schema.FindByName("authors")!;
        Assert.Null(ExpandPlan.Parse(schema, authors, "posts_via_author", seesHidden: false, ExpandLimits.Default));
        Assert.NotNull(ExpandPlan.Parse(schema, authors, "posts_via_author", seesHidden: true, ExpandLimits.Default));
    }

    [Fact]
    public void Length_and_paths_are_limited()
    {
        var limits = new ExpandLimits { LengthMax = 20, PathsMax = 2 };
        Assert.NotNull(Plan("author,tags         ", limits));
        Assert.Equal(400, Assert.Throws<ApiException>(() => Plan("author,tags          ", limits)).Status);
        Assert.Equal(400, Assert.Throws<ApiException>(() => Plan("author,tags,parent", limits)).Status);
    }

    [Fact]
    public void Levels_beyond_the_sixth_are_left_out()
    {
        var node = Plan(string.Join('.', Enumerable.Repeat("parent", 9)), ExpandLimits.Default);
        var depth = 0;
        for (; node is { Nodes.Count: > 0 }; node = node.Nodes[0].Children) depth++;
        Assert.Equal(6, depth);
    }

    [Fact]
    public void Back_relations_are_limited_for_each_record()
    {
        var limits = new ExpandLimits { BackRelationsMax = 1 };
        Assert.Contains("\"comments_via_post\":[{\"id\":\"1\",\"body\":\"nice\"}]", Expand("comments_via_post", limits: limits)[0]);
    }

    [Fact]
    public void Records_in_an_answer_are_limited()
    {
        Assert.NotEmpty(Expand("tags", limits: new ExpandLimits { RecordsMax = 8 }));
        var refusal = Assert.Throws<ApiException>(() => Expand("tags", limits: new ExpandLimits { RecordsMax = 7 }));
        Assert.Equal(400, refusal.Status);
        Assert.Contains("more than 7 records", refusal.Message);
    }

    private ExpandPlan? Plan(string expand, ExpandLimits limits) =>
        ExpandPlan.Parse(blog.Schema, blog.Schema.FindByName("posts")!, expand, seesHidden: false, limits);

    private List<string> Expand(
        string expand, FieldProjection? fields = null, PlainExpandSource? source = null, RequestInfo? request = null,
        SchemaSnapshot? schema = null, ExpandLimits? limits = null)
    {
        schema ??= blog.Schema;
        source ??= new PlainExpandSource();
        var posts = schema.FindByName("posts")!;
        limits ??= ExpandLimits.Default;
        var options = new JsonWriterOptions
        {
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        using var context = new ExpandContext(
            source, request ?? BlogDatabase.Guest, BlogDatabase.Clock, limits, options);
        var plan = ExpandPlan.Parse(schema, posts, expand, seesHidden: false, limits);
        var page = new ExpandPage(context, posts, plan ?? ExpandPlan.Nothing, fields);
        using (var rows = blog.Connection.Prepare(source.SelectSql(posts) + " ORDER BY id"))
            while (rows.Step()) page.Add(rows);
        page.Load(new ReadScope(blog.Connection, schema));

        var written = new List<string>();
        for (var record = 0; record < page.Count; record++)
        {
            var buffer = new ArrayBufferWriter<byte>();
            using (var writer = new Utf8JsonWriter(buffer, options)) page.Write(writer, record);
            written.Add(Encoding.UTF8.GetString(buffer.WrittenSpan));
        }

        return written;
    }
}
