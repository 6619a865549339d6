using Platform.TenantShard.Tests.Http;

namespace Platform.TenantShard.Tests.Records;

public sealed class BadInputTests(BlogApi blog) : IClassFixture<BlogApi>
{
    private const string Posts = "/api/collections/posts/records";
    private const string Login = "/api/collections/users/auth-with-password";

    public static TheoryData<ApiScenario> Rows =>
    [
        new() { Name = "unknown path", Path = "/api/nothing", Status = 404, Contains = ["wasn't found"] },
        new() { Name = "root", Path = "/", Status = 404 },
        new()
        {
            Name = "a path without end",
            Path = "/api" + string.Concat(Enumerable.Repeat("/a", 200)),
            Status = 404,
        },
        new() { Name = "unknown method", Method = "PUT", Path = Posts, Status = 404 },
        new() { Name = "unknown collection", Path = "/api/collections/nothing/records", Status = 404 },
        new() { Name = "a collection that is SQL", Path = "/api/collections/posts%22;--/records", Status = 404 },
        new() { Name = "bad id", Path = Posts + "/%27%20OR%201=1--", Status = 404 },
        new() { Name = "very long id", Path = Posts + "/" + new string('a', 4000), Status = 404 },
        Create("malformed JSON", """{"title":"x",""", "line 1, byte 1"),
        Create("JSON of two lines", "{\"title\":\n  nope}", "line 2, byte 4"),
        Create("no object", "[1,2]", "Must be a JSON object."),
        Create("a text alone", "\"x\"", "Must be a JSON object."),
        Create("too deep", new string('[', 200), "invalid formatting"),
        Create("no body", "", "\"title\":{\"code\":\"validation_required\",\"message\":\"Cannot be blank.\"}"),
        Create("an object for a text", """{"title":{"a":1}}""", "\"title\":{\"code\":\"validation_required\""),
        Create("an early date", """{"title":"abc","due":"2019-12-31"}""", "validation_min_greater_equal_than_required"),
        Create("half a number", """{"title":"abc","rank":1.5}""", "validation_only_int_constraint"),
        Create("a small number", """{"title":"abc","rank":-1}""", "validation_min_number_constraint"),
        Create("a large number", """{"title":"abc","rank":101}""", "validation_max_number_constraint"),
        Create("an endless number", """{"title":"abc","rank":1e999}""", "\"rank\":"),
        Create("a short text", """{"title":"ab"}""", "Must be at least 3 character(s)."),
        Create("a long text", $$"""{"title":"{{new string('x', 41)}}"}""", "Must be no more than 40 character(s)."),
        Create(
            "a wrong pattern",
            """{"title":"abc","slug":"No Slug"}""",
            "\"slug\":{\"code\":\"validation_invalid_format\""),
        Create("no address", """{"title":"abc","contact":"ann at example.com"}""", "validation_is_email"),
        Create(
            "a wrong domain",
            """{"title":"abc","contact":"ann@example.org"}""",
            "validation_email_domain_not_allowed"),
        Create("no URL", """{"title":"abc","link":"example"}""", "validation_is_url"),
        Create("an unknown choice", """{"title":"abc","kind":"poem"}""", "Invalid value poem."),
        Create("too many choices", """{"title":"abc","tags":["a","b","c"]}""", "Select no more than 2."),
        Create("a missing relation", """{"title":"abc","author":"nobody"}""", "validation_missing_rel_records"),
        Create(
            "one missing relation",
            """{"title":"abc","reviewers":["{ann}","nobody"]}""",
            "validation_missing_rel_records"),
        Create(
            "too much JSON",
            """{"title":"abc","meta":"0123456789012345678901234567890123456789012345678"}""",
            "The maximum allowed JSON size is 50 bytes."),
        Create("a short id", """{"title":"abc","id":"abc"}""", "\"id\":{\"code\":\"validation_min_text_constraint\""),
        Create(
            "an id that is a path",
            """{"title":"abc","id":"../../../etc/pa"}""",
            "\"id\":{\"code\":\"validation_forbidden_pk_character\""),
        Create(
            "an id that is taken",
            """{"title":"abc","id":"{post}"}""",
            "\"id\":{\"code\":\"validation_pk_invalid\""),
        Create("half a character", """{"title":"abc\ud800"}""", "Must be valid Unicode."),
        Create("half a character in a name", """{"abc\udc00":1}""", "Must be valid Unicode."),
        Create(
            "all mistakes together",
            """{"title":"ab","rank":-1,"kind":"poem"}""",
            "\"title\":", "\"rank\":", "\"kind\":"),
        new()
        {
            Name = "too large", Method = "POST", Path = Posts, As = BlogApi.Root, Status = 413,
            Body = $$"""{"title":"{{new string('x', 10_000)}}"}""", Contains = ["Request entity too large."],
        },
        new()
        {
            Name = "a new id", Method = "PATCH", Path = Posts + "/{post}", As = BlogApi.Root, Status = 400,
            Body = """{"id":"aaaaaaaaaaaaaaa"}""", Contains = ["validation_pk_change"],
        },
        new()
        {
            Name = "a wrong value in an update", Method = "PATCH", Path = Posts + "/{post}", As = BlogApi.Root,
            Status = 400, Body = """{"rank":1.5}""", Contains = ["Failed to update record.", "\"rank\":"],
        },
        new()
        {
            Name = "a modifier beyond the limit", Method = "PATCH", Path = Posts + "/{post}", As = BlogApi.Root,
            Status = 400, Body = """{"rank+":1000}""", Contains = ["validation_max_number_constraint"],
        },
        new()
        {
            Name = "a filter with a mistake",
            Path = Posts + "?filter=title=%27a",
            Status = 400,
            Contains = ["position"],
        },
        new() { Name = "a filter of an unknown field", Path = Posts + "?filter=nothing=1", Status = 400 },
        new() { Name = "a filter that is SQL", Path = Posts + "?filter=1=1);DROP TABLE posts;--", Status = 400 },
        new() { Name = "a filter too long", Path = Posts + "?filter=" + new string('(', 4000), Status = 400 },
        new() { Name = "an unknown sort", Path = Posts + "?sort=nothing", Status = 400 },
        new() { Name = "a page that is no number", Path = Posts + "?page=x", Status = 400, Contains = ["\"page\""] },
        new() { Name = "no page", Path = Posts + "?page=-5&perPage=0", Contains = ["\"page\":1,\"perPage\":30"] },
        new()
        {
            Name = "a huge page",
            Path = Posts + "?page=2147483647&perPage=5000",
            Contains = ["\"perPage\":1000", "\"items\":[]"],
        },
        new() { Name = "a wrong modifier of fields", Path = Posts + "?fields=title:shout", Status = 400 },
        new()
        {
            Name = "a login without a body",
            Method = "POST",
            Path = Login,
            Status = 400,
            Contains = ["\"identity\":", "\"password\":"],
        },
        new()
        {
            Name = "a login of wrong types", Method = "POST", Path = Login, Status = 400,
            Body = """{"identity":1,"password":[]}""",
            Contains = ["\"identity\":", "\"password\":"],
        },
        new()
        {
            Name = "a login to no auth collection", Method = "POST", Path = "/api/collections/posts/auth-with-password",
            Body = "{}", Status = 404, Contains = ["Missing or invalid auth collection context."],
        },
    ];

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Bad_input_gets_a_clear_answer(ApiScenario scenario) => blog.RunAsync(scenario);

    [Fact]
    public async Task After_all_of_it_the_tenant_answers()
    {
        foreach (var row in Rows) await blog.RunAsync(row);
        var answer = await blog.Server.SendAsync("GET", Posts, token: blog.Tokens[BlogApi.Root]);
        Assert.Equal(2, answer.Json.GetProperty("totalItems").GetInt32());
    }

    private static ApiScenario Create(string name, string body, params string[] contains) => new()
    {
        Name = name,
        Method = "POST",
        Path = Posts,
        As = BlogApi.Root,
        Status = 400,
        Body = body,
        Contains = contains,
    };
}
