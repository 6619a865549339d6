using Platform.TenantShard.Collections;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Filters;
using Platform.TenantShard.Requests;

namespace Platform.TenantShard.Tests.Filters;

/// <summary>What a client's own filter may ask.</summary>
public sealed class FilterAccessTests(BlogDatabase blog) : IClassFixture<BlogDatabase>
{
    private static readonly FilterOptions Client = FilterOptions.ForClient(BlogDatabase.Guest, BlogDatabase.Clock);

    [Theory]
    [InlineData("secret = ''", "posts", 400, "unknown field \"secret\"")]
    [InlineData("author.secret = ''", "posts", 400, "unknown field \"secret\"")]
    [InlineData("password = ''", "users", 400, "unknown field \"password\"")]
    [InlineData("tokenKey = ''", "users", 400, "unknown field \"tokenKey\"")]
    [InlineData("@request.auth.id = ''", "posts", 403, "Only superusers can filter by @request.")]
    [InlineData("@collection.tags.id = ''", "posts", 403, "Only superusers can filter by @collection.")]
    public void Clients_are_refused(string filter, string collection, int status, string message)
    {
        var refusal = Assert.Throws<ApiException>(() => blog.Select(filter, collection, options: Client));
        Assert.Equal(status, refusal.Status);
        Assert.Contains(message, refusal.Message);
    }

    [Theory]
    [InlineData("secret = ''", "posts", "1 2 3 4 5")]
    [InlineData("author.secret != null", "posts", "")]
    [InlineData("password = ''", "users", "1 2")]
    public void Superusers_see_hidden_fields(string filter, string collection, string ids)
    {
        var superuser = new RequestInfo
        {
            Method = "GET",
            Auth = new AuthIdentity(
                blog.Schema.FindByName("users")! with { Name = AuthIdentity.SuperusersName }, "id"),
        };
        var options = FilterOptions.ForClient(superuser, BlogDatabase.Clock);
        Assert.Equal(ids, blog.Select(filter, collection, options: options));
    }

    [Fact]
    public void Clients_find_only_visible_email_addresses()
    {
        Assert.Equal("1", blog.Select("email ~ 'example'", "users", options: Client));
        Assert.Equal("", blog.Select("email = 'bob@example.com'", "users", options: Client));
        Assert.Equal("1", blog.Select("email != 'nobody'", "users", options: Client));
        Assert.Equal("1 5", blog.Select("author.user.email ~ 'example'", options: Client));
        Assert.Equal("1 2", blog.Select("email ~ 'example'", "users"));
    }

    [Theory]
    [InlineData("", "author.name != 'x'", "1 2 3 4 5")]
    [InlineData("active = true", "author.name = 'Ada'", "1 5")]
    [InlineData("active = true", "author.name = 'Brian'", "")]
    [InlineData("active = true", "author.name != 'x'", "1 3 4 5")]
    [InlineData("user.verified = true", "author.name != 'x'", "1 4 5")]
    [InlineData("@request.auth.id = user", "author.name != 'x'", "3 4")]
    [InlineData("active = false", "title = '' || author.name ~ 'a'", "2 4")]
    public void Clients_look_through_a_relation_at_what_they_could_list(string rule, string filter, string ids) =>
        Assert.Equal(ids, blog.Select(filter, options: Client, schema: WithAuthorsRule(rule)));

    [Fact]
    public void Clients_cannot_look_through_a_relation_at_what_superusers_list()
    {
        var schema = WithAuthorsRule(null);
        var refusal = Assert.Throws<ApiException>(
            () => blog.Select("author.name = 'Ada'", options: Client, schema: schema));
        Assert.Equal(400, refusal.Status);
        Assert.Equal("1 5", blog.Select("author.name = 'Ada'", schema: schema));
        Assert.Equal("1 5", blog.Select("author.id = 'auth00000000001'", options: Client, schema: schema));
    }

    [Fact]
    public void Multiple_relations_show_only_what_the_client_could_list()
    {
        var schema = BlogSchema.Create(collection =>
            collection.Name == "tags" ? collection with { ListRule = "weight < 5" } : collection);
        Assert.Equal("1 3 5", blog.Select("tags.label ?= 'red'", options: Client, schema: schema));
        Assert.Equal("", blog.Select("tags.label ?= 'green'", options: Client, schema: schema));
        Assert.Equal("1 4 5", blog.Select("tags.label ?= 'green'", schema: schema));
    }

    private static SchemaSnapshot WithAuthorsRule(string? rule) => BlogSchema.Create(collection =>
        collection.Name == "authors" ? collection with { ListRule = rule } : collection);
}
