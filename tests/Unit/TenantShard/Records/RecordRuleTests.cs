using Platform.TenantShard.Tests.Http;

namespace Platform.TenantShard.Tests.Records;

public sealed class RecordRuleTests(BlogApi blog) : IClassFixture<BlogApi>
{
    private const string Posts = "/api/collections/posts/records";
    private const string Comments = "/api/collections/comments/records";

    public static TheoryData<ApiScenario> Rows =>
    [
        new() { Name = "a guest lists what the rule lets", Path = Posts, Contains = ["Published"], Lacks = ["Draft"] },
        new() { Name = "an author lists own drafts", Path = Posts, As = BlogApi.Ann, Contains = ["Draft"] },
        new() { Name = "another lists no drafts", Path = Posts, As = BlogApi.Bob, Lacks = ["Draft"] },
        new() { Name = "a superuser lists all", Path = Posts, As = BlogApi.Root, Contains = ["Draft", "secret note"] },
        new() { Name = "hidden fields are hidden", Path = Posts, As = BlogApi.Ann, Lacks = ["secret", "\"note\""] },
        new() { Name = "a draft is not there for a guest", Path = Posts + "/{draft}", Status = 404 },
        new() { Name = "a draft is there for its author", Path = Posts + "/{draft}", As = BlogApi.Ann },
        new() { Name = "a broken token makes a guest", Path = Posts + "/{draft}", As = "rubbish", Status = 404 },
        new()
        {
            Name = "a guest may not create", Method = "POST", Path = Posts, Status = 400,
            Body = """{"title":"By a guest","author":"{ann}"}""",
            Contains = ["\"data\":{}", "Failed to create record."],
        },
        new()
        {
            Name = "a guest learns nothing of wrong values", Method = "POST", Path = Posts, Status = 400,
            Body = """{"title":"x","slug":"published","author":"{ann}"}""", Contains = ["\"data\":{}"],
        },
        new()
        {
            Name = "a guest learns nothing of taken values", Method = "POST", Path = Posts, Status = 400,
            Body = """{"title":"Long enough","slug":"published","author":"{ann}"}""", Contains = ["\"data\":{}"],
        },
        new()
        {
            Name = "an author may create for nobody else", Method = "POST", Path = Posts, Status = 400,
            As = BlogApi.Bob, Body = """{"title":"For ann","author":"{ann}"}""", Contains = ["\"data\":{}"],
        },
        new()
        {
            Name = "an author creates", Method = "POST", Path = Posts, As = BlogApi.Bob,
            Body = """{"title":"By bob","author":"{bob}","note":"ignored"}""", Lacks = ["ignored"],
        },
        new()
        {
            Name = "an author sees what is wrong", Method = "POST", Path = Posts, As = BlogApi.Bob, Status = 400,
            Body = """{"title":"x","author":"{bob}"}""", Contains = ["validation_min_text_constraint"],
        },
        new()
        {
            Name = "an author sees what is taken", Method = "POST", Path = Posts, As = BlogApi.Bob, Status = 400,
            Body = """{"title":"Twice","slug":"published","author":"{bob}"}""",
            Contains = ["\"slug\":{\"code\":\"validation_not_unique\",\"message\":\"Value must be unique.\"}"],
        },
        new()
        {
            Name = "another's record is not there to update", Method = "PATCH", Path = Posts + "/{post}", Status = 404,
            As = BlogApi.Bob, Body = """{"title":"Taken over"}""",
        },
        new()
        {
            Name = "another's record is not there to delete", Method = "DELETE", Path = Posts + "/{post}", Status = 404,
            As = BlogApi.Bob,
        },
        new()
        {
            Name = "no update rule lets superusers only", Method = "PATCH", Path = Comments + "/whatever", Status = 403,
            As = BlogApi.Ann, Body = "{}", Contains = ["Only superusers can perform this action."],
        },
        new()
        {
            Name = "no delete rule lets superusers only", Method = "DELETE", Path = Comments + "/x", Status = 403,
            As = BlogApi.Ann,
        },
        new() { Name = "superusers are nobody's to list", Path = "/api/collections/_superusers/records", Status = 403 },
        new()
        {
            Name = "a user sees only itself", Path = "/api/collections/users/records", As = BlogApi.Ann,
            Contains = ["ann@example.com"], Lacks = ["bob", "password", "tokenKey"],
        },
        new()
        {
            Name = "a superuser sees addresses and no secret", Path = "/api/collections/users/records",
            As = BlogApi.Root, Contains = ["ann@example.com", "bob@example.com"], Lacks = ["password", "tokenKey"],
        },
        new()
        {
            Name = "a filter cannot pass the rule", Path = Posts + "?filter=published=false||published=true",
            Lacks = ["Draft"],
        },
        new()
        {
            Name = "a filter cannot ask for hidden fields", Path = Posts + "?filter=note~'secret'", Status = 400,
        },
    ];

    [Theory]
    [MemberData(nameof(Rows))]
    public Task A_rule_decides(ApiScenario scenario) => blog.RunAsync(scenario);

    [Fact]
    public async Task An_address_is_shown_to_others_only_by_its_flag()
    {
        var server = blog.Server;
        var root = blog.Tokens[BlogApi.Root];
        await server.CreateCollectionAsync("""{"name":"members","type":"auth","listRule":"","viewRule":""}""");
        var shy = await server.CreateAsync("members", """
            {"email":"shy@example.com","password":"12345678","passwordConfirm":"12345678"}
            """, root);
        var open = await server.CreateAsync("members", """
            {"email":"open@example.com","password":"12345678","passwordConfirm":"12345678","emailVisibility":true}
            """, root);
        const string Path = "/api/collections/members/records";
        var hidden = await server.SendAsync("GET", $"{Path}/{shy}");
        Assert.DoesNotContain("\"email\"", hidden.Body, StringComparison.Ordinal);
        Assert.Equal("open@example.com", (await server.SendAsync("GET", $"{Path}/{open}")).Text("email"));
        var token = await server.LoginAsync("members", "shy@example.com", "12345678");
        Assert.Equal("shy@example.com", (await server.SendAsync("GET", $"{Path}/{shy}", token: token)).Text("email"));
    }
}
