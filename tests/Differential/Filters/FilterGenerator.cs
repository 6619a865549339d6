using System.Globalization;
using Platform.Differential.Tests.Data;

namespace Platform.Differential.Tests.Filters;

/// <summary>Random filters and sorts of the blog's posts; the same seed gives the same ones.</summary>
internal sealed class FilterGenerator(int seed)
{
    private static readonly FilterPath[] Paths =
    [
        "id", "title", "body", "views", "live", "published", "status", "labels", new("labels:each", "labels:each"),
        "labels:length", "link", "mail", "meta", "meta.a", "meta.a.b", "meta.list.0.x", "meta.0", "meta.missing", "author",
        "author.id", "author.name", "author.age", "author.active", "author.born", "author.roles",
        new("author.roles:each", "author.roles:each"), "author.roles:length", "author.profile", "author.profile.a",
        "author.member", "author.member.name", "author.member.age", "author.member.email", "author.member.id",
        "tags", new("tags:each", "tags:each"), "tags:length", "collectionName", "collectionId",
    ];

    /// <summary>Paths that leave the record for several others.</summary>
    private static readonly FilterPath[] FarPaths =
    [
        .. Far("tags", "id", "label", "weight", "kind"),
        .. Far("comments_via_post", "id", "body", "score", "mentions"),
        // The length of what is missing is 0, and no missing value.
        "comments_via_post.mentions:length",
        .. Far("comments_via_post.mentions", "id", "name", "age", "active"),
        .. (FilterPath[])[new("comments_via_post.mentions.roles:each", "comments_via_post.mentions.roles:each")],
        .. Far("author.posts_via_author", "id", "title", "views"),
        .. Far("author.posts_via_author.tags", "id", "weight"),
        .. Far("author.comments_via_mentions", "id", "score"),
        .. Far("tags.posts_via_tags", "views", "status"),
        .. Far("author.member.authors_via_member", "name"),
    ];

    /// <summary>
    /// What only rules and superusers may compare. Without <c>@request.auth</c>: a superuser of 0.22 is no record.
    /// </summary>
    private static readonly FilterPath[] SystemPaths =
    [
        .. Far("@collection.tags", "label", "weight"), .. Far("@collection.authors", "name", "age"),
        .. (FilterPath[])[new("@collection.authors.roles:each", "@collection.authors.roles:each")],
        "@request.method", "@request.query.q", "@request.query.missing", "@request.query.q:isset",
        "@request.query.missing:isset", "@request.headers.x_test", "@request.data.title:isset", "@request.context",
    ];

    /// <summary>Without <c>@rowid</c>, which 0.22 does not know.</summary>
    private static readonly string[] SortPaths =
    [
        "id", "title", "views", "live", "published", "status", "labels", "link", "meta", "meta.a", "author", "author.name",
        "author.age", "author.member.name", "author.active", "author.born", "author.profile.a",
    ];

    private static readonly string[] Operators =
    [
        "=", "!=", ">", ">=", "<", "<=", "~", "!~", "?=", "?!=", "?>", "?>=", "?<", "?<=", "?~", "?!~",
    ];

    private static readonly string[] Literals =
    [
        "null", "true", "false", "NULL", "True", "0", "1", "-1", "2.5", "5", "10", "100", "01", "1.0", "0.1", "1000000000000000",
        "123456789.125", "@now", "@todayStart", "@todayEnd", "@monthStart", "@yearEnd", "'2024'", "'2024-01-02 00:00:00.000Z'", "'2024-01-02'",
        "\"draft\"", "'public'", "'red'", "'green'", "'writer'", "'chief'", "'b'", "'[\"red\"]'", "'c'", "'anna'",
    ];

    /// <summary>Of one filter.</summary>
    private const int FarPathsMax = 2;

    private readonly Random _random = new(seed);
    private int _farPaths;

    public FilterNode Filter(int depth = 0)
    {
        if (depth > 2 || _random.Next(10) < (depth == 0 ? 5 : 7)) return Condition();
        var parts = Enumerable.Range(0, _random.Next(2, 4)).Select(_ => Filter(depth + 1)).ToArray();
        return new Junction(_random.Next(2) == 0 ? "&&" : "||", parts);
    }

    public string Sort()
    {
        var terms = Enumerable.Range(0, _random.Next(0, 3))
            .Select(_ => (_random.Next(3) switch { 0 => "-", 1 => "+", _ => "" }) + Of(SortPaths))
            // What ties is in no order of its own: the id decides in both.
            .Append("id");
        return string.Join(',', terms);
    }

    private Condition Condition()
    {
        var (left, right) = _random.Next(10) switch
        {
            0 => (Literal(), Path()),
            1 => (Path(), Of(Paths)),
            _ => (Path(), Literal()),
        };
        var operation = Of(Operators);
        // The two do not ask at the same millisecond: a pattern may match the digits of one only.
        if (operation.EndsWith('~') && left.Text == "@now") left = "@todayStart";
        if (operation.EndsWith('~') && right.Text == "@now") right = "@todayStart";
        // Shown beside each other in RelationFilterTests: 0.22 contradicts itself here.
        if (operation == "!=" && (IsManyBesideDocument(left, right) || IsManyBesideDocument(right, left))) operation = "?!=";
        // 0.22 writes TRUE or FALSE for it, and SQLite reads "5 IS NOT TRUE" as a question for truth: 5 != true would be
        // false. The platform compares values; with true and false themselves it comes to the same.
        if (left.Text.EndsWith(":isset", StringComparison.Ordinal)) right = _random.Next(2) == 0 ? "true" : "false";
        if (right.Text.EndsWith(":isset", StringComparison.Ordinal)) left = _random.Next(2) == 0 ? "true" : "false";
        return new Condition(left, operation, right);
    }

    private static bool IsManyBesideDocument(FilterPath many, FilterPath document) =>
        many.Presence is not null
        && (document.Text.StartsWith("meta", StringComparison.Ordinal)
            || document.Text.StartsWith("author.profile", StringComparison.Ordinal));

    /// <summary>0.22 joins every far path to every other one: a filter with many of them would run for seconds.</summary>
    private FilterPath Path()
    {
        var kind = _random.Next(12);
        if (kind >= 4 || _farPaths == FarPathsMax) return Of(Paths);
        _farPaths++;
        return kind == 0 ? Of(SystemPaths) : Of(FarPaths);
    }

    private FilterPath Literal() => _random.Next(5) switch
    {
        0 or 1 => Quote(Of(BlogRecords.Texts)),
        2 => Quote(_random.Next(2) == 0
            ? BlogRecords.Id("tags", _random.Next(12))
            : BlogRecords.Id("authors", _random.Next(12))),
        _ => Of(Literals),
    };

    private static FilterPath[] Far(string relation, params string[] fields) =>
        [.. fields.Select(field => new FilterPath($"{relation}.{field}", $"{relation}.id"))];

    /// <summary>A text in one of the two quotes; only that quote is escaped, as the grammar has it.</summary>
    private string Quote(string text)
    {
        var quote = _random.Next(2) == 0 ? "'" : "\"";
        if (text.EndsWith('\\')) text += "x";
        return string.Create(CultureInfo.InvariantCulture, $"{quote}{text.Replace(quote, "\\" + quote, StringComparison.Ordinal)}{quote}");
    }

    private T Of<T>(IReadOnlyList<T> values) => values[_random.Next(values.Count)];
}
