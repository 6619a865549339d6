namespace Platform.TenantShard.Tests.Filters;

public sealed class FunctionAndMacroTests(BlogDatabase blog) : IClassFixture<BlogDatabase>
{
    /// <summary>The clock stands at Saturday, 2026-11-21 13:14:15.678 UTC.</summary>
    [Theory]
    [InlineData("@now = '2026-11-21 13:14:15.678Z'")]
    [InlineData("@second = 15 && @minute = 14 && @hour = 13 && @weekday = 6 && @day = 21 && @month = 11 && @year = 2026")]
    [InlineData("@yesterday = '2026-11-20 13:14:15.678Z' && @tomorrow = '2026-11-22 13:14:15.678Z'")]
    [InlineData("@todayStart = '2026-11-21 00:00:00.000Z' && @todayEnd = '2026-11-21 23:59:59.999Z'")]
    [InlineData("@monthStart = '2026-11-01 00:00:00.000Z' && @monthEnd = '2026-11-30 23:59:59.999Z'")]
    [InlineData("@yearStart = '2026-01-01 00:00:00.000Z' && @yearEnd = '2026-12-31 23:59:59.999Z'")]
    [InlineData("strftime('%Y-%m-%d') = '2026-11-21'")]
    [InlineData("strftime('%Y', '2025-06-30 23:59:59.999Z') = '2025'")]
    [InlineData("strftime('%Y-%m-%d', '2024-02-28', '+1 day', 'start of month') = '2024-02-01'")]
    [InlineData("strftime('%Y', 'nonsense') = ''")]
    [InlineData("strftime('%Y', 'nonsense') != '2024'")]
    [InlineData("geoDistance(0, 0, 0, 0) = 0")]
    [InlineData("geoDistance(23.32, 42.69, 23.32, 42.69) < 0.001")]
    [InlineData("geoDistance(13.4, 52.52, 2.35, 48.85) > 870 && geoDistance(13.4, 52.52, 2.35, 48.85) < 885")]
    public void Value_is_as_expected(string filter) => Assert.Equal("1 2 3 4 5", blog.Select(filter));

    [Theory]
    [InlineData("strftime('%Y-%m', published) = '2024-01'", "1 4")]
    [InlineData("strftime('%Y', published) = ''", "2")]
    [InlineData("strftime('%Y', published) ~ '202'", "1 3 4 5")]
    [InlineData("strftime('%Y', parent.published) = '2024'", "2 4")]
    [InlineData("strftime('%Y', posts_via_parent.published) ?= '2024'", "1")]
    [InlineData("strftime('%Y', posts_via_parent.published) = '2024'", "")]
    [InlineData("strftime('%Y', posts_via_parent.published) = '2025'", "2")]
    [InlineData("geoDistance(place.lon, place.lat, 0, 1) < 112", "1 2 3 4 5")]
    [InlineData("geoDistance(place.lon, place.lat, 0, 1) < 111", "")]
    [InlineData("geoDistance(title, data.nope, 0, 1) < 111", "")]
    [InlineData("geoDistance(tags.weight, 0, 5, 0) < 1", "1 4 5")]
    public void Function_of_a_field(string filter, string posts) => Assert.Equal(posts, blog.Select(filter));

    [Theory]
    [InlineData("title = 'x' && seven = 7", "")]
    [InlineData("seven = 7 && title != ''", "1 2 3 5")]
    [InlineData("title = ''", "4")]
    public void Views_can_be_filtered(string filter, string ids) => Assert.Equal(ids, blog.Select(filter, "summary"));

    [Theory]
    [InlineData("title:lower = 'hello world'", "1")]
    [InlineData("title:lower ~ 'HELLO'", "1")]
    [InlineData("author.name:lower = 'ada'", "1 5")]
    [InlineData("tags.label:lower ?= 'red'", "1 3 5")]
    [InlineData("data.list.0.x:lower = 'y'", "1")]
    [InlineData("labels:each ?= 'a' && labels:each ?= 'b'", "")]
    [InlineData("tags:each ?= 'tags00000000001' && tags.label ?= 'green'", "")]
    [InlineData("tags.label ?= 'red' && (tags.weight ?= 1 || tags.weight ?= 5) && live = true", "1 3")]
    [InlineData("(tags.label ?= 'red' || views = 0) && (tags.weight ?= 5 || title = '123')", "4 5")]
    [InlineData("@collection.comments.post ?= id && @collection.comments.body ?= 'bad'", "1")]
    [InlineData("@collection.comments.post ?= id && @collection.comments:x.body ?= 'bad'", "1 3")]
    public void Modifiers_and_shared_relations(string filter, string posts) =>
        Assert.Equal(posts, blog.Select(filter));
}
