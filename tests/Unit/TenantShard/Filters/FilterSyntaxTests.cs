using Platform.TenantShard.Errors;
using Platform.TenantShard.Filters;

namespace Platform.TenantShard.Tests.Filters;

public sealed class FilterSyntaxTests(BlogDatabase blog) : IClassFixture<BlogDatabase>
{
    [Theory]
    [InlineData("", "Invalid filter: it is empty.")]
    [InlineData("  // only a comment", "Invalid filter: it is empty.")]
    [InlineData("title", "Invalid filter: unexpected end instead of an operator at position 6.")]
    [InlineData("title =", "Invalid filter: unexpected end instead of a field, a text or a number at position 8.")]
    [InlineData("title = )", "Invalid filter: unexpected ')' instead of a field, a text or a number at position 9.")]
    [InlineData("title = 'a' )", "Invalid filter: unexpected ')' instead of && or || at position 13.")]
    [InlineData("(title = 'a'", "Invalid filter: unexpected end instead of a closing parenthesis at position 13.")]
    [InlineData("()", "Invalid filter: unexpected ')' instead of a field, a text or a number at position 2.")]
    [InlineData("title = 'a' title = 'b'", "Invalid filter: unexpected 'title' instead of && or || at position 13.")]
    [InlineData("title == 'a'", "Invalid filter: unknown operator == at position 7.")]
    [InlineData("title ?? 'a'", "Invalid filter: unknown operator ?? at position 7.")]
    [InlineData("title = 'a' & live = true", "Invalid filter: unknown operator & at position 13.")]
    [InlineData("title = 'a", "Invalid filter: unterminated text at position 9.")]
    [InlineData("title = 'a\\'", "Invalid filter: unterminated text at position 9.")]
    [InlineData("views = 1.", "Invalid filter: invalid number 1. at position 9.")]
    [InlineData("views = 1.2.3", "Invalid filter: invalid number 1.2.3 at position 9.")]
    [InlineData("views = -", "Invalid filter: invalid number - at position 9.")]
    [InlineData("views = 1; DROP TABLE posts", "Invalid filter: unexpected ';' at position 10.")]
    [InlineData("title = `a`", "Invalid filter: unexpected '`' at position 9.")]
    [InlineData("title = \u0001", "Invalid filter: unexpected '?' at position 9.")]
    [InlineData("nope = 1", "Invalid filter: unknown field \"nope\" at position 1.")]
    [InlineData("title = 1 && author.nope = 2", "Invalid filter: unknown field \"nope\" at position 14.")]
    [InlineData("title.x = 1", "Invalid filter: field \"title\" is no relation at position 1.")]
    [InlineData("a..b = 1", "Invalid filter: unknown field \"a..b\" at position 1.")]
    [InlineData(".a = 1", "Invalid filter: unexpected '.' at position 1.")]
    [InlineData("title. = 1", "Invalid filter: unknown field \"title.\" at position 1.")]
    [InlineData("ti#tle = 1", "Invalid filter: unknown field \"ti#tle\" at position 1.")]
    [InlineData("@nope = 1", "Invalid filter: unknown field \"@nope\" at position 1.")]
    [InlineData("@request.nope = 1", "Invalid filter: unknown field \"@request.nope\" at position 1.")]
    [InlineData("@collection.nope.id = 1", "Invalid filter: unknown collection \"nope\" at position 1.")]
    [InlineData("@collection.tags = 1", "Invalid filter: unknown field \"@collection.tags\" at position 1.")]
    [InlineData("title:nope = 1", "Invalid filter: modifier :nope cannot be used with \"title\" at position 1.")]
    [InlineData("tags_via_post.id = 1", "Invalid filter: unknown field \"tags_via_post\" at position 1.")]
    [InlineData("comments_via_body.id = 1", "Invalid filter: unknown field \"comments_via_body\" at position 1.")]
    [InlineData("nope(1) = 1", "Invalid filter: unknown function \"nope\" at position 1.")]
    [InlineData("geoDistance(1) = 1", "Invalid filter: geoDistance takes four arguments at position 1.")]
    [InlineData("geoDistance(1 2) = 1",
        "Invalid filter: unexpected '2' instead of a comma or a closing parenthesis at position 15.")]
    [InlineData("strftime() = 1", "Invalid filter: strftime takes one to 10 arguments at position 1.")]
    public void What_is_no_filter_is_refused_with_its_position(string filter, string message)
    {
        var refusal = Assert.Throws<ApiException>(() => blog.Select(filter));
        Assert.Equal(400, refusal.Status);
        Assert.Equal(message, refusal.Message);
    }

    [Fact]
    public void Length_is_limited()
    {
        var limits = new FilterLimits { LengthMax = 20 };
        Assert.Equal("5", Select("title = '123'       ", limits));
        Assert.Contains("longer than 20", Refusal("title = '123'        ", limits));
    }

    [Fact]
    public void Depth_is_limited()
    {
        var limits = new FilterLimits { DepthMax = 3 };
        Assert.Equal("5", Select("(((title = '123')))", limits));
        Assert.Contains("deeper than 3", Refusal("((((title = '123'))))", limits));
        Assert.Contains("deeper than 3", Refusal("(((geoDistance(1, 2, 3, 4) = 1)))", limits));
    }

    [Fact]
    public void Conditions_are_limited()
    {
        var limits = new FilterLimits { ConditionsMax = 3 };
        Assert.Equal("5", Select("title = '123' || (1 = 2 || 1 = 3)", limits));
        Assert.Contains("more than 3", Refusal("title = '123' || (1 = 2 || 1 = 3) || 1 = 4", limits));
    }

    [Fact]
    public void Relations_are_limited()
    {
        var limits = new FilterLimits { JoinsMax = 4 };
        Assert.Equal("1 3 5", Select("tags.label ?= 'red' && tags.weight ?< 2", limits));
        Assert.Equal("3", Select("tags.label = 'red'", limits));
        Assert.Contains("too many relations", Refusal("tags.label = 'red' && parent.tags.label ?= ''", limits));
        Assert.Contains("more than 6 relations in one path", Refusal(
            "parent.parent.parent.parent.parent.parent.parent.title = 'x'", FilterLimits.Default));
        Assert.Equal("", Select("parent.parent.parent.parent.parent.parent.title = 'x'", FilterLimits.Default));
    }

    [Fact]
    public void Tables_of_one_join_are_limited()
    {
        Assert.Equal("1 2 3 4 5", blog.Select(Aliases(60)));
        Assert.Contains("too many relations", Assert.Throws<ApiException>(() => blog.Select(Aliases(61))).Message);

        // Conditions on the same rows of all of them, so that they cannot be apart.
        static string Aliases(int count) => string.Join(" && ", Enumerable.Range(1, count).Select(
            i => $"@collection.users:a{i}.id ?= @collection.users:a{(i % count) + 1}.id"));
    }

    [Fact]
    public void The_largest_allowed_filter_runs()
    {
        var filter = string.Join(" || ", Enumerable.Repeat("title='123'", 200));
        Assert.Equal("5", Select(filter, FilterLimits.Default));
        Assert.Equal("5", Select(new string('(', 32) + "title='123'" + new string(')', 32), FilterLimits.Default));
    }

    [Theory]
    [InlineData("title = '\\' OR 1=1 --'")]
    [InlineData("title = \"'; DROP TABLE posts; --\"")]
    [InlineData("title = '\") OR (\"1\" = \"1'")]
    [InlineData("title ~ '\\\\\\' || 1=1 || title ~ \\''")]
    [InlineData("data.a:lower = '\\') OR 1=1 --'")]
    [InlineData("@request.query.x = '1' && title = '? ? ?'")]
    public void Text_never_becomes_sql(string filter)
    {
        Assert.Equal("", blog.Select(filter));
        Assert.Equal("1 2 3 4 5", blog.Select("id != ''"));
    }

    private string Select(string filter, FilterLimits limits) =>
        blog.Select(filter, options: FilterOptions.ForRule(BlogDatabase.Clock) with { Limits = limits });

    private string Refusal(string filter, FilterLimits limits) =>
        Assert.Throws<ApiException>(() => Select(filter, limits)).Message;
}
