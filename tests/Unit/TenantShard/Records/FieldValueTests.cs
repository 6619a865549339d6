using System.Text.Json;
using Platform.TenantShard.Tests.Http;

namespace Platform.TenantShard.Tests.Records;

public sealed class FieldValueTests(BlogApi blog) : IClassFixture<BlogApi>
{
    [Theory]
    [InlineData("title", "123", "\"123\"")]
    [InlineData("title", "true", "\"true\"")]
    [InlineData("title", "\"a\\u0000b\\n\\\"c\\\"\"", "\"a\\u0000b\\n\\\"c\\\"\"")]
    [InlineData("title", "\"😀😀😀\"", "\"😀😀😀\"")]
    [InlineData("title", "1e3", "\"1000\"")]
    [InlineData("title", "1.25e-7", "\"0.000000125\"")]
    [InlineData("title", "12345678901234567890", "\"12345678901234567890\"")]
    [InlineData("title", "1.5e22", "\"15000000000000000000000\"")]
    [InlineData("published", "1", "true")]
    [InlineData("published", "\"maybe\"", "false")]
    [InlineData("published", "[true]", "false")]
    [InlineData("rank", "\"many\"", "0")]
    [InlineData("rank", "\"1_0\"", "10")]
    [InlineData("rank", "[1]", "0")]
    [InlineData("due", "\"soon\"", "\"\"")]
    [InlineData("due", "{}", "\"\"")]
    [InlineData("tags", "{\"a\":1}", "[]")]
    [InlineData("tags", "[\"a\",[\"b\"],null,{}]", "[\"a\"]")]
    [InlineData("link", "\"example.com\"", "\"example.com\"")]
    [InlineData("published", "\"true\"", "true")]
    [InlineData("published", "\"\"", "false")]
    [InlineData("published", "null", "false")]
    [InlineData("rank", "\"42\"", "42")]
    [InlineData("rank", "\"\"", "0")]
    [InlineData("rank", "7.0", "7")]
    [InlineData("rank", "null", "0")]
    [InlineData("due", "\"2024-05-06T07:08:09.123456+02:00\"", "\"2024-05-06 05:08:09.123Z\"")]
    [InlineData("due", "\"2024-05-06 07:08:09\"", "\"2024-05-06 07:08:09.000Z\"")]
    [InlineData("due", "1714979289", "\"\"")]
    [InlineData("due", "\"\"", "\"\"")]
    [InlineData("meta", "{\"a\":[1,2.50,null]}", "{\"a\":[1,2.50,null]}")]
    [InlineData("meta", "\"text\"", "\"text\"")]
    [InlineData("meta", "12", "12")]
    [InlineData("meta", "\"[1, 2]\"", "[1,2]")]
    [InlineData("meta", "\"12x\"", "\"12x\"")]
    [InlineData("meta", "\"\"", "\"\"")]
    [InlineData("meta", "null", "null")]
    [InlineData("kind", "[\"news\"]", "\"news\"")]
    [InlineData("kind", "\"\"", "\"\"")]
    [InlineData("tags", "\"a\"", "[\"a\"]")]
    [InlineData("tags", "[\"b\",\"a\",\"b\",\"\"]", "[\"b\",\"a\"]")]
    [InlineData("tags", "\"[\\\"a\\\",\\\"c\\\"]\"", "[\"a\",\"c\"]")]
    [InlineData("tags", "null", "[]")]
    [InlineData("contact", "\"ann@example.com\"", "\"ann@example.com\"")]
    [InlineData("link", "\"https://example.com/a?b=c\"", "\"https://example.com/a?b=c\"")]
    public async Task A_value_is_cast_stored_and_shown(string field, string sent, string shown)
    {
        var title = field == "title" ? "" : "\"title\":\"abc\",";
        var root = blog.Tokens[BlogApi.Root];
        const string Path = "/api/collections/posts/records";
        var created = await blog.Server.SendAsync("POST", Path, $$"""{{{title}}"{{field}}":{{sent}}}""", root);
        Assert.True(created.Status == 200, created.Body);
        var viewed = await blog.Server.SendAsync("GET", $"{Path}/{created.Text("id")}", token: root);
        foreach (var answer in new[] { created, viewed })
        {
            Assert.True(
                JsonElement.DeepEquals(JsonDocument.Parse(shown).RootElement, answer.Json.GetProperty(field)),
                answer.Body);
        }
    }

    [Fact]
    public async Task The_members_are_sorted_by_name_and_the_id_is_generated()
    {
        var created = await blog.Server.SendAsync(
            "POST", "/api/collections/comments/records", $$"""{"post":"{{blog.Ids["post"]}}"}""");
        Assert.Matches(
            """^\{"collectionId":"[a-z0-9_]+","collectionName":"comments","id":"[a-z0-9]{15}","""
                + """ "post":"[a-z0-9]{15}","text":""\}$""".TrimStart(),
            created.Body);
    }

    [Fact]
    public async Task A_chosen_id_is_kept()
    {
        const string Id = "abcdefghij01234";
        await blog.Server.CreateAsync(
            "comments", $$"""{"id":"{{Id}}","post":"{{blog.Ids["post"]}}"}""", blog.Tokens[BlogApi.Root]);
        var viewed = await blog.Server.SendAsync("GET", $"/api/collections/comments/records/{Id}");
        Assert.Equal(200, viewed.Status);
    }
}
