using System.Text.Json;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Filters;
using Platform.TenantShard.Requests;

namespace Platform.TenantShard.Tests.Filters;

/// <summary>Rules that look at the request.</summary>
public sealed class RequestOperandTests(BlogDatabase blog) : IClassFixture<BlogDatabase>
{
    private const string Body = """
        {
          "title": "Hello World", "views": "10", "live": true, "author": "auth00000000001", "labels": ["a", "b"],
          "tags": ["tags00000000001", "tags00000000002"], "empty": null, "data": {"a": {"b": 1}, "list": [{"x": "y"}]},
          "object": {"k": [1, {"z": "deep"}]}, "blank": ""
        }
        """;

    [Theory]
    [InlineData("@request.method = 'POST'")]
    [InlineData("@request.context = 'default'")]
    [InlineData("@request.auth.id = 'user00000000001'")]
    [InlineData("@request.auth.id != ''")]
    [InlineData("@request.auth.collectionName = 'users'")]
    [InlineData("@request.auth.collectionId = 'id_users'")]
    [InlineData("@request.auth.name = 'Ann'")]
    [InlineData("@request.auth.name:lower = 'ann'")]
    [InlineData("@request.auth.email = 'ann@example.com'")]
    [InlineData("@request.auth.verified = true")]
    [InlineData("@request.auth.nope = null")]
    [InlineData("@request.auth.nope.deeper = null")]
    [InlineData("@request.auth.id:isset = true")]
    [InlineData("@request.auth.nope:isset = false")]
    [InlineData("@request.auth.authors_via_user.name ?= 'Ada'")]
    [InlineData("@request.query.q = 'one'")]
    [InlineData("@request.query.q:isset = true")]
    [InlineData("@request.query.z:isset = false")]
    [InlineData("@request.query.z = ''")]
    [InlineData("@request.query.z = null")]
    [InlineData("@request.query.q:lower = 'one'")]
    [InlineData("@request.headers.x_token = 'secret'")]
    [InlineData("@request.headers.x_nope = ''")]
    [InlineData("@request.headers.x_token ~ 'ecr'")]
    [InlineData("@request.body.title = 'Hello World'")]
    [InlineData("@request.data.title = 'Hello World'")]
    [InlineData("@request.body.title:lower = 'hello world'")]
    [InlineData("@request.body.title:isset = true")]
    [InlineData("@request.body.status:isset = false")]
    [InlineData("@request.body.empty:isset = true")]
    [InlineData("@request.body.empty = ''")]
    [InlineData("@request.body.blank = null")]
    [InlineData("@request.body.views = 10")]
    [InlineData("@request.body.views > 9")]
    [InlineData("@request.body.live = true")]
    [InlineData("@request.body.labels:length = 2")]
    [InlineData("@request.body.tags:length = 2")]
    [InlineData("@request.body.status:length = 0")]
    [InlineData("@request.body.labels:each ?= 'a'")]
    [InlineData("@request.body.labels:each != 'c'")]
    [InlineData("@request.body.labels:each ~ '%'")]
    [InlineData("@request.body.author.name = 'Ada'")]
    [InlineData("@request.body.author.user.name = 'Ann'")]
    [InlineData("@request.body.tags.label ?= 'green'")]
    [InlineData("@request.body.tags.weight > 0")]
    [InlineData("@request.body.tags.label != ''")]
    [InlineData("@request.body.parent.title = null")]
    [InlineData("@request.body.data.a.b = 1")]
    [InlineData("@request.body.data.list.0.x = 'y'")]
    [InlineData("@request.body.object.k.1.z = 'deep'")]
    [InlineData("@request.body.object.k = '[1,{\"z\":\"deep\"}]'")]
    [InlineData("@request.body.object.k.7 = null")]
    [InlineData("@request.body.nope.deeper = null")]
    public void Rule_holds(string rule) => Assert.Equal("1 2 3 4 5", blog.Select(rule, request: Request()));

    [Theory]
    [InlineData("@request.auth.id = ''")]
    [InlineData("@request.auth.verified = false")]
    [InlineData("@request.query.z != ''")]
    [InlineData("@request.query.z ~ 'x'")]
    [InlineData("@request.body.labels:each = 'a'")]
    [InlineData("@request.body.tags.label = 'green'")]
    [InlineData("@request.body.tags.weight > 1")]
    [InlineData("@request.body.author.name = 'Brian'")]
    public void Rule_does_not_hold(string rule) => Assert.Equal("", blog.Select(rule, request: Request()));

    [Theory]
    [InlineData("author.user = @request.auth.id", "1 5")]
    [InlineData("author.user != @request.auth.id", "2 3 4")]
    [InlineData("title = @request.body.title", "1")]
    [InlineData("title = @request.body.blank", "4")]
    [InlineData("title = @request.body.nope", "4")]
    [InlineData("title != @request.body.nope", "1 2 3 5")]
    [InlineData("author.name = @request.body.nope", "3 4")]
    [InlineData("author.name != @request.body.nope", "1 2 5")]
    [InlineData("author.name != @request.auth.name", "1 2 3 4 5")]
    [InlineData("title ~ @request.query.part", "1")]
    [InlineData("@request.body.title:changed = false", "1")]
    [InlineData("@request.body.title:changed = true", "2 3 4 5")]
    [InlineData("@request.body.status:changed = false", "1 2 3 4 5")]
    [InlineData("@request.body.labels:changed = true", "2 3 4 5")]
    [InlineData("@request.body.tags:each ?= tags:each", "1 3 4 5")]
    public void Rule_compares_the_record_with_the_request(string rule, string posts) =>
        Assert.Equal(posts, blog.Select(rule, request: Request()));

    [Theory]
    [InlineData("@request.auth.id = ''", "1 2 3 4 5")]
    [InlineData("@request.auth.id != ''", "")]
    [InlineData("@request.auth.verified = true", "")]
    [InlineData("@request.auth.name = null", "1 2 3 4 5")]
    [InlineData("author.user = @request.auth.id", "3 4")]
    [InlineData("@request.auth.id:isset = true", "")]
    [InlineData("@request.body.title:isset = true", "")]
    public void Guests_have_no_identity_and_this_one_no_body(string rule, string posts) =>
        Assert.Equal(posts, blog.Select(rule));

    [Theory]
    [InlineData("@request.body.title:each = 'x'")]
    [InlineData("@request.body.nope:changed = true")]
    [InlineData("@request.body.data.a:length = 1")]
    [InlineData("@request.query.q:length = 1")]
    [InlineData("@request.body = 1")]
    [InlineData("@request.method.x = 1")]
    public void Operand_is_refused(string rule) =>
        Assert.Equal(400, Assert.Throws<ApiException>(() => blog.Select(rule, request: Request())).Status);

    [Fact]
    public void The_same_rule_gives_the_same_sql_for_every_request()
    {
        var collection = blog.Schema.FindByName("posts")!;
        var options = FilterOptions.ForRule(BlogDatabase.Clock);
        const string rule = "title = @request.body.title && author.user = @request.auth.id";
        var first = FilterCompiler.Compile(blog.Schema, collection, rule, Request(), options);
        var other = Request("{}");
        var second = FilterCompiler.Compile(blog.Schema, collection, rule, other, options);
        Assert.Same(first.Where, second.Where);
        Assert.Equal("Hello World", first.Parameters[0].Text);
        Assert.Equal("", second.Parameters[0].Text);
    }

    private RequestInfo Request(string body = Body) => new()
    {
        Method = "POST",
        Auth = new AuthIdentity(blog.Schema.FindByName("users")!, "user00000000001"),
        Query = new Dictionary<string, string> { ["q"] = "one", ["part"] = "ello" },
        Header = static name => name == "x_token" ? "secret" : null,
        Body = JsonDocument.Parse(body).RootElement,
    };
}
