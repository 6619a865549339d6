using Platform.TenantShard.Tests.Http;

namespace Platform.TenantShard.Tests.Records;

/// <summary>Password fields of collections whose records do not log in.</summary>
public sealed class PasswordFieldTests : IAsyncLifetime
{
    private const string Doors = "/api/collections/doors/records";

    private ApiServer _server = null!;
    private string _root = "";

    public async Task InitializeAsync()
    {
        _server = await ApiServer.StartAsync();
        _root = await _server.SuperuserTokenAsync();
        await _server.CreateCollectionAsync("""
            {"name":"doors","type":"base","listRule":"","viewRule":"","createRule":"","updateRule":"",
             "fields":[{"type":"text","name":"title"},{"type":"password","name":"code","min":4,"cost":4,"required":true},
                       {"type":"password","name":"spare","cost":4}]}
            """);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Only_a_hash_is_kept_and_nobody_sees_it()
    {
        var created = await _server.SendAsync("POST", Doors, """{"title":"front","code":"open sesame"}""");
        Assert.True(created.Status == 200, created.Body);
        Assert.DoesNotContain("code", created.Body, StringComparison.Ordinal);
        var id = created.Text("id");
        var first = await StoredAsync(id, "code");
        Assert.StartsWith("$2a$04$", first, StringComparison.Ordinal);
        Assert.Equal("", await StoredAsync(id, "spare"));
        Assert.DoesNotContain("code", (await _server.SendAsync("GET", $"{Doors}/{id}", token: _root)).Body, StringComparison.Ordinal);

        Assert.Equal(200, (await _server.SendAsync("PATCH", $"{Doors}/{id}", """{"title":"back"}""")).Status);
        Assert.Equal(first, await StoredAsync(id, "code"));
        Assert.Equal(200, (await _server.SendAsync("PATCH", $"{Doors}/{id}", """{"code":"close sesame","spare":"x"}""")).Status);
        Assert.NotEqual(first, await StoredAsync(id, "code"));
        Assert.StartsWith("$2a$04$", await StoredAsync(id, "spare"), StringComparison.Ordinal);
        Assert.Equal(200, (await _server.SendAsync("PATCH", $"{Doors}/{id}", """{"spare":""}""")).Status);
        Assert.Equal("", await StoredAsync(id, "spare"));
    }

    [Theory]
    [InlineData("POST", "{}", "validation_required")]
    [InlineData("POST", """{"code":"abc"}""", "validation_min_text_constraint")]
    [InlineData("PATCH", """{"code":""}""", "validation_required")]
    public async Task The_options_of_the_field_hold(string method, string body, string code)
    {
        var id = method == "PATCH" ? await _server.CreateAsync("doors", """{"code":"open sesame"}""", _root) : "";
        var answer = await _server.SendAsync(method, method == "PATCH" ? $"{Doors}/{id}" : Doors, body);
        Assert.Equal(400, answer.Status);
        Assert.Contains($"\"code\":{{\"code\":\"{code}\"", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("filter=code!=''")]
    [InlineData("sort=code")]
    public async Task It_is_no_operand_of_clients(string query)
    {
        await _server.CreateAsync("doors", """{"code":"open sesame"}""", _root);
        var answer = await _server.SendAsync("GET", $"{Doors}?{Uri.EscapeDataString(query).Replace("%3D", "=", StringComparison.Ordinal)}");
        Assert.True(answer.Status == 400, answer.Body);
    }

    private Task<string> StoredAsync(string id, string column) => _server.Shard.ReadAsync(
        (id, column),
        static (scope, state) =>
        {
            using var row = scope.Connection.Prepare($"SELECT {state.column} FROM doors WHERE id = ?1");
            row.BindText(1, state.id);
            return row.Step() ? row.Text(0) : "";
        },
        default).AsTask();
}
