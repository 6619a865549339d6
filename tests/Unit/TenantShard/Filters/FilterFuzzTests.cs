using System.Text;
using System.Text.Json;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Filters;
using Platform.TenantShard.Requests;

namespace Platform.TenantShard.Tests.Filters;

/// <summary>Whatever is sent, the answer is rows or a refusal, never a failure of another kind.</summary>
public sealed class FilterFuzzTests(BlogDatabase blog) : IClassFixture<BlogDatabase>
{
    private static readonly string[] Paths =
    [
        "id", "title", "views", "live", "status", "published", "labels", "labels:each", "labels:length", "author",
        "author.name", "author.user.email", "author.profile.langs.0", "author.roles:each", "tags", "tags.label",
        "tags.weight:lower", "parent.parent.tags.label", "data", "data.a.b", "data.list.0.x:lower", "place.lon",
        "comments_via_post.body", "comments_via_mentions.score", "author.posts_via_author.tags.weight",
        "@collection.tags.label", "@collection.comments:x.post.title", "@request.auth.name", "@request.method",
        "@request.auth.authors_via_user.age", "@request.body.title", "@request.body.tags.label", "@request.query.q",
        "@request.body.labels:each", "@request.body.title:changed", "@request.body.x:isset", "@request.headers.a_b",
        "strftime('%Y', tags.label)", "strftime('%m', published, '+1 day')", "geoDistance(place.lon, 1, views, -2.5)",
    ];

    private static readonly string[] Values =
    [
        "''", "null", "true", "FALSE", "0", "-1", "2.5", "123", "'red'", "\"it's\"", "'a%_\\\\b'", "'%'", "'\\''",
        "@now", "@year", "@todayEnd", "'[\"a\"]'", "'2024-01-02'", "'\ud83d\ude00'",
    ];

    private static readonly string[] Operators =
    [
        "=", "!=", ">", ">=", "<", "<=", "~", "!~", "?=", "?!=", "?>", "?>=", "?<", "?<=", "?~", "?!~",
    ];

    private static readonly string[] Scraps =
    [
        "(", ")", "((", "))", "&&", "||", "&", "|", "!", "=", "?", "~", ",", ".", ":", "'", "\"", "\\", "//", "\n", "\t",
        " ", "-", "--", ";", "@", "#", "$", "%", "`", "[", "]", "{", "}", "*", "/*", "\0", "\u00e9", "\ud83d", "9", "1e9", "_",
        "geoDistance(", "strftime(", "@request.", "@collection.", "_via_", "null", "posts", "SELECT", "OR 1=1",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Any_text_is_a_filter_or_refused(int seed)
    {
        var random = new Random(seed);
        var accepted = 0;
        for (var round = 0; round < 2000; round++)
            if (TrySelect(RandomText(random))) accepted++;
        Assert.InRange(accepted, 1, 1999);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void Any_filter_of_the_grammar_runs(int seed)
    {
        var random = new Random(seed);
        var request = Request(random);
        for (var round = 0; round < 300; round++)
            blog.Select(RandomFilter(random, depth: 0), request: request);
    }

    [Fact]
    public void Columns_that_hold_no_json_are_no_failure()
    {
        using var broken = new BlogDatabase();
        broken.Connection.Execute("""
            UPDATE posts SET labels = '[not json', tags = '{"a":', data = '{', place = 'x';
            UPDATE authors SET roles = '["a"', profile = 'x';
            UPDATE comments SET mentions = '[[[';
            """);
        var random = new Random(7);
        for (var round = 0; round < 200; round++) broken.Select(RandomFilter(random, depth: 0));
    }

    [Theory]
    [InlineData("(")]
    [InlineData("'")]
    [InlineData("\\'")]
    [InlineData("a.")]
    [InlineData("// ")]
    [InlineData("!=")]
    [InlineData("title='' &&")]
    [InlineData("tags.label='' &&")]
    [InlineData("strftime(")]
    [InlineData("parent.")]
    public void Repetition_costs_no_more_than_its_length(string scrap)
    {
        var text = new StringBuilder();
        while (text.Length + scrap.Length <= FilterLimits.Default.LengthMax) text.Append(scrap);
        var before = GC.GetAllocatedBytesForCurrentThread();
        TrySelect(text.ToString());
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000_000);
    }

    [Fact]
    public void Long_patterns_are_refused_before_they_fail()
    {
        var request = new RequestInfo
        {
            Method = "GET",
            Query = new Dictionary<string, string> { ["long"] = new('x', 50_000), ["fits"] = new('x', 49_998) },
        };
        Assert.Equal("", blog.Select("title ~ @request.query.fits", request: request));
        var refusal = Assert.Throws<ApiException>(() => blog.Select("title ~ @request.query.long", request: request));
        Assert.Equal(400, refusal.Status);

        using var large = new BlogDatabase();
        large.Connection.Execute("UPDATE posts SET title = hex(zeroblob(30000))");
        Assert.Equal("", large.Select("'a' ~ title"));
    }

    private static string RandomText(Random random)
    {
        var text = new StringBuilder();
        for (var words = random.Next(1, 12); words > 0; words--)
        {
            text.Append(random.Next(4) switch
            {
                0 => Scraps[random.Next(Scraps.Length)],
                1 => Paths[random.Next(Paths.Length)],
                2 => Operators[random.Next(Operators.Length)],
                _ => Values[random.Next(Values.Length)],
            });
        }

        return text.ToString();
    }

    private static string RandomFilter(Random random, int depth)
    {
        var text = new StringBuilder();
        for (var parts = random.Next(1, 4); parts > 0; parts--)
        {
            if (text.Length > 0) text.Append(random.Next(2) == 0 ? " && " : "||");
            if (depth < 3 && random.Next(5) == 0) text.Append('(').Append(RandomFilter(random, depth + 1)).Append(')');
            else text.Append(Operand(random)).Append(Operators[random.Next(Operators.Length)]).Append(Operand(random));
        }

        return text.ToString();
    }

    private static string Operand(Random random) =>
        random.Next(2) == 0 ? Paths[random.Next(Paths.Length)] : Values[random.Next(Values.Length)];

    private RequestInfo Request(Random random) => new()
    {
        Method = "POST",
        Auth = random.Next(2) == 0
            ? null
            : new AuthIdentity(blog.Schema.FindByName("users")!, "user00000000001"),
        Query = new Dictionary<string, string> { ["q"] = "%_\\" },
        Header = static name => name,
        Body = JsonDocument.Parse("""{"title":{"a":[1]},"labels":"a","tags":["tags00000000001",5,null],"x":false}""")
            .RootElement,
    };

    private bool TrySelect(string filter)
    {
        try
        {
            blog.Select(filter);
            return true;
        }
        catch (ApiException refusal)
        {
            Assert.Equal(400, refusal.Status);
            return false;
        }
    }
}
