using Platform.TenantShard.Tests.Http;

namespace Platform.TenantShard.Tests.Records;

public sealed class RecordModifierTests : IAsyncLifetime
{
    private const string Path = "/api/collections/accounts/records";

    private ApiServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await ApiServer.StartAsync();
        await _server.CreateCollectionAsync("""
            {"name":"accounts","type":"base","listRule":"","viewRule":"",
             "createRule":"@request.body.credits <= 10 && @request.body.roles:isset = false",
             "updateRule":"@request.body.credits:isset = false || @request.body.credits <= 10",
             "fields":[{"type":"number","name":"credits"},
                       {"type":"select","name":"roles","maxSelect":3,"values":["a","b","c"]},
                       {"type":"text","name":"code","autogeneratePattern":"[0-9]{6}"}]}
            """);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("""{"credits":10}""", 200)]
    [InlineData("""{"credits":11}""", 400)]
    [InlineData("""{"credits+":10}""", 200)]
    [InlineData("""{"credits+":11}""", 400)]
    [InlineData("""{"credits":10,"credits+":1}""", 400)]
    [InlineData("""{"credits":1,"roles":["a"]}""", 400)]
    [InlineData("""{"credits":1,"roles+":"a"}""", 400)]
    [InlineData("""{"credits":1,"+roles":["a"]}""", 400)]
    [InlineData("""{"credits":1,"roles-":"a"}""", 400)]
    public async Task A_create_rule_sees_what_a_modifier_will_write(string body, int status) =>
        Assert.Equal(status, (await _server.SendAsync("POST", Path, body)).Status);

    [Theory]
    [InlineData("""{"credits+":2}""", 200)]
    [InlineData("""{"credits+":3}""", 404)]
    [InlineData("""{"credits-":100}""", 200)]
    [InlineData("""{"roles+":"a"}""", 200)]
    public async Task An_update_rule_sees_what_a_modifier_will_write(string body, int status)
    {
        var id = (await _server.SendAsync("POST", Path, """{"credits":8}""")).Text("id");
        Assert.Equal(status, (await _server.SendAsync("PATCH", $"{Path}/{id}", body)).Status);
    }

    [Fact]
    public async Task Concurrent_changes_never_pass_the_limit_of_the_rule()
    {
        var id = (await _server.SendAsync("POST", Path, """{"credits":0}""")).Text("id");
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(
            _ => _server.SendAsync("PATCH", $"{Path}/{id}", """{"credits+":1}""")));
        var credits = (await _server.SendAsync("GET", $"{Path}/{id}")).Json.GetProperty("credits").GetInt32();
        Assert.InRange(credits, 1, 10);
        Assert.Equal(credits, answers.Count(static answer => answer.Status == 200));
        Assert.All(answers, static answer => Assert.Contains(answer.Status, new[] { 200, 404, 503 }));
    }

    [Fact]
    public async Task A_generated_text_follows_what_was_sent()
    {
        var created = await _server.SendAsync("POST", Path, """{"credits":1}""");
        Assert.Matches("^[0-9]{6}$", created.Text("code"));
        var changed = await _server.SendAsync(
            "PATCH", $"{Path}/{created.Text("id")}", """{"code:autogenerate":"x-"}""");
        Assert.Matches("^x-[0-9]{6}$", changed.Text("code"));
    }
}
