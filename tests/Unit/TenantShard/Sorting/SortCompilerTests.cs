using Platform.TenantShard.Errors;
using Platform.TenantShard.Filters;
using Platform.TenantShard.Tests.Filters;

namespace Platform.TenantShard.Tests.Sorting;

public sealed class SortCompilerTests(BlogDatabase blog) : IClassFixture<BlogDatabase>
{
    private static readonly FilterOptions Client = FilterOptions.ForClient(BlogDatabase.Guest, BlogDatabase.Clock);

    [Theory]
    [InlineData("views", "3 4 2 1 5")]
    [InlineData("+views", "3 4 2 1 5")]
    [InlineData("-views", "5 1 2 4 3")]
    [InlineData("live,-views", "5 2 4 1 3")]
    [InlineData(" -live , views ", "3 1 4 2 5")]
    [InlineData("@rowid", "1 2 3 4 5")]
    [InlineData("-@rowid", "5 4 3 2 1")]
    [InlineData("author.age,-id", "4 2 5 1 3")]
    [InlineData("-author.user.name,id", "1 5 2 3 4")]
    [InlineData("-labels:length,id", "5 1 3 4 2")]
    [InlineData("title:lower", "4 2 5 3 1")]
    [InlineData("-data.a.b,id", "1 2 3 4 5")]
    [InlineData("-tags.weight,id", "4 1 3 5 2")]
    [InlineData("-comments_via_post.score,id", "3 1 2 4 5")]
    public void Records_come_in_order(string sort, string posts) => Assert.Equal(posts, blog.Sort(sort));

    [Fact]
    public void Random_gives_every_record_once() =>
        Assert.Equal(["1", "2", "3", "4", "5"], blog.Sort("@random").Split(' ').Order());

    [Theory]
    [InlineData("nope", "posts", "unknown field \"nope\"")]
    [InlineData("-", "posts", "unknown field \"\"")]
    [InlineData("title,,views", "posts", "unknown field \"\"")]
    [InlineData("title desc", "posts", "unknown field \"title desc\"")]
    [InlineData("--title", "posts", "unknown field \"-title\"")]
    [InlineData("title;DROP TABLE posts", "posts", "unknown field")]
    [InlineData("null", "posts", "unknown field \"null\"")]
    [InlineData("@now", "posts", "unknown field \"@now\"")]
    [InlineData("secret", "posts", "unknown field \"secret\"")]
    [InlineData("author.secret", "posts", "unknown field \"secret\"")]
    [InlineData("@rowid", "summary", "a view has no @rowid")]
    [InlineData("title:each", "posts", "modifier :each")]
    public void What_cannot_be_sorted_by_is_refused(string sort, string collection, string reason)
    {
        var refusal = Assert.Throws<ApiException>(() => blog.Sort(sort, collection, Client));
        Assert.Equal(400, refusal.Status);
        Assert.StartsWith("Invalid sort: ", refusal.Message);
        Assert.Contains(reason, refusal.Message);
    }

    [Theory]
    [InlineData("@request.auth.id")]
    [InlineData("-@collection.tags.id")]
    public void The_request_and_other_collections_are_for_superusers(string sort) =>
        Assert.Equal(403, Assert.Throws<ApiException>(() => blog.Sort(sort, "posts", Client)).Status);

    [Fact]
    public void Terms_are_limited()
    {
        Assert.Equal("1 2 3 4 5", blog.Sort("id,id,id,id,id,id,id,id"));
        var refusal = Assert.Throws<ApiException>(() => blog.Sort("id,id,id,id,id,id,id,id,id"));
        Assert.Contains("more than 8 fields", refusal.Message);
        Assert.Contains("longer than 255", Assert.Throws<ApiException>(() => blog.Sort(new string('a', 256))).Message);
    }

    [Fact]
    public void Order_tells_a_client_nothing_that_it_may_not_see()
    {
        Assert.Equal("2 1", blog.Sort("-email", "users"));
        Assert.Equal("1 2", blog.Sort("-email", "users", Client));
        var schema = BlogSchema.Create(collection =>
            collection.Name == "authors" ? collection with { ListRule = "active = false" } : collection);
        Assert.Equal("2 1 3 4 5", blog.Sort("-author.name,id", options: Client, schema: schema));
    }
}
