namespace Platform.Pbm.Tests.Tenants;

public sealed class TenantPlaceTests
{
    private const string Moved = """{"tenant":"acme","from":"n1","to":"n2","epoch":7,"pauseMilliseconds":81.5}""";

    [Fact]
    public async Task Locate_prints_where_the_tenant_is()
    {
        await using var server = await AdminServer.StartAsync();
        server.Answers("GET /api/cp/tenants/acme/location", 200, """{"tenant":"acme","node":"n1","state":"active"}""");
        using var pbm = new PbmRun();

        Assert.Equal(0, await pbm.RunAsync(server, "tenant", "locate", "acme"));
        Assert.Equal(
            """
            tenant  acme
            node    n1
            state   active

            """,
            pbm.Output,
            ignoreLineEndingDifferences: true);
    }

    [Theory]
    [InlineData("""{"node":"n2"}""", "--to", "n2")]
    [InlineData("{}")]
    public async Task Migrate_names_the_node_or_leaves_the_choice(string body, params string[] options)
    {
        await using var server = await AdminServer.StartAsync();
        server.Answers("POST /api/cp/tenants/acme/migrate", 200, Moved);
        using var pbm = new PbmRun();

        Assert.Equal(0, await pbm.RunAsync(server, ["tenant", "migrate", "acme", .. options]));
        Assert.Equal($"POST /api/cp/tenants/acme/migrate {body}", Assert.Single(server.Requests));
        Assert.StartsWith("The tenant acme is on n2 now.", pbm.Output, StringComparison.Ordinal);
        Assert.Contains("pauseMilliseconds", pbm.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrate_for_scripts_is_the_answer_and_nothing_else()
    {
        await using var server = await AdminServer.StartAsync();
        server.Answers("POST /api/cp/tenants/acme/migrate", 200, Moved);
        using var pbm = new PbmRun();

        Assert.Equal(0, await pbm.RunAsync(server, "--json", "tenant", "migrate", "acme"));
        Assert.Equal(Moved, pbm.Output.Trim());
    }

    [Fact]
    public async Task A_refusal_names_the_field_and_the_reason()
    {
        await using var server = await AdminServer.StartAsync();
        server.Answers("POST /api/cp/tenants/acme/migrate", 409, """
            {"status":409,"message":"The tenant cannot be moved there.",
             "data":{"node":{"code":"validation_node_full","message":"The node 'n2' is full."}}}
            """);
        using var pbm = new PbmRun();

        Assert.Equal(1, await pbm.RunAsync(server, "tenant", "migrate", "acme", "--to", "n2"));
        Assert.Contains("node: The node 'n2' is full.", pbm.Errors, StringComparison.Ordinal);
    }
}
