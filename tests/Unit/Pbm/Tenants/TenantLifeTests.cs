namespace Platform.Pbm.Tests.Tenants;

public sealed class TenantLifeTests
{
    [Fact]
    public async Task Show_prints_every_field_of_the_server()
    {
        await using var server = await AdminServer.StartAsync();
        server.Answers(
            "GET /api/cp/tenants/acme",
            200,
            """{"id":"acme","quotas":{"storageBytesMax":1572864,"requestBodyBytesMax":null},"newerField":true}""");
        using var pbm = new PbmRun();

        Assert.Equal(0, await pbm.RunAsync(server, "tenant", "show", "acme"));
        Assert.Equal(
            """
            id                          acme
            quotas.storageBytesMax      1572864 (1.5 MiB)
            quotas.requestBodyBytesMax  -
            newerField                  true

            """,
            pbm.Output,
            ignoreLineEndingDifferences: true);
    }

    [Fact]
    public async Task An_unknown_tenant_exits_with_1()
    {
        await using var server = await AdminServer.StartAsync();
        server.Answers("GET /api/cp/tenants/acme", 404, """{"status":404,"message":"No tenant acme.","data":{}}""");
        using var pbm = new PbmRun();

        Assert.Equal(1, await pbm.RunAsync(server, "tenant", "show", "acme"));
        Assert.Equal("Error: No tenant acme. (404)", pbm.Errors.Trim());
    }

    [Theory]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("?x")]
    public async Task An_id_that_would_name_another_path_is_never_sent(string id)
    {
        await using var server = await AdminServer.StartAsync();
        using var pbm = new PbmRun();

        Assert.Equal(2, await pbm.RunAsync(server, "tenant", "delete", id, "--yes"));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Delete_with_yes_does_not_ask()
    {
        await using var server = await AdminServer.StartAsync();
        server.Answers("DELETE /api/cp/tenants/acme", 204, "");
        using var pbm = new PbmRun();

        Assert.Equal(0, await pbm.RunAsync(server, "tenant", "delete", "acme", "--yes"));
        Assert.Contains("pbm tenant restore acme", pbm.Output);
        Assert.Equal(0, await pbm.RunAsync(server, "tenant", "delete", "acme", "--yes", "--json"));
        Assert.Empty(pbm.Output);
    }

    [Fact]
    public async Task Delete_without_yes_is_refused_where_nobody_can_be_asked()
    {
        await using var server = await AdminServer.StartAsync();
        using var pbm = new PbmRun { Input = "y\n" };

        Assert.Equal(2, await pbm.RunAsync(server, "tenant", "delete", "acme"));
        Assert.Contains("--yes", pbm.Errors);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("y\n", 0, 1)]
    [InlineData("yes\n", 0, 1)]
    [InlineData("n\n", 1, 0)]
    [InlineData("\n", 1, 0)]
    [InlineData("", 130, 0)]
    public async Task Delete_asks_on_a_terminal(string typed, int exitCode, int requests)
    {
        await using var server = await AdminServer.StartAsync();
        server.Answers("DELETE /api/cp/tenants/acme", 204, "");
        using var pbm = new PbmRun { Keys = ScriptedKeys.Typed(typed) };

        Assert.Equal(exitCode, await pbm.RunAsync(server, "tenant", "delete", "acme"));
        Assert.Equal(requests, server.Requests.Count);
        Assert.Contains("Delete the tenant acme?", pbm.Errors);
    }

    [Fact]
    public async Task Restore_posts_and_shows_the_tenant()
    {
        await using var server = await AdminServer.StartAsync();
        server.Answers("POST /api/cp/tenants/acme/restore", 200, """{"id":"acme","status":"created"}""");
        using var pbm = new PbmRun();

        Assert.Equal(0, await pbm.RunAsync(server, "tenant", "restore", "acme"));
        Assert.StartsWith("Restored the tenant acme.", pbm.Output);
        Assert.Contains("created", pbm.Output);
    }
}
