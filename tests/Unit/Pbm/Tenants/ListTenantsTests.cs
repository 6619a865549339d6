using System.Text.Json;

namespace Platform.Pbm.Tests.Tenants;

public sealed class ListTenantsTests
{
    private const string TwoTenants = """
        {"page":1,"perPage":30,"totalItems":2,"totalPages":1,"items":[
        {"id":"acme","status":"created","durability":"replicated","domains":["a.example","b.example"],
        "created":"2026-01-02T03:04:05.678Z","metadata":{}},
        {"id":"globex","status":"deleted","durability":"local","domains":[],"created":"2026-01-02T03:04:05Z"}]}
        """;

    [Fact]
    public async Task Into_a_pipe_goes_a_plain_table_without_escapes_borders_or_wrapping()
    {
        await using var server = await AdminServer.StartAsync();
        server.Answers("GET /api/cp/tenants", 200, TwoTenants);
        using var pbm = new PbmRun();

        Assert.Equal(0, await pbm.RunAsync(server, "tenant", "list"));
        Assert.Equal(
            """
            id      status   durability  domains               created
            acme    created  replicated  a.example, b.example  2026-01-02 03:04:05Z
            globex  deleted  local       -                     2026-01-02 03:04:05Z

            """,
            pbm.Output,
            ignoreLineEndingDifferences: true);
        Assert.Equal("2 tenants", pbm.Errors.Trim());
    }

    [Theory]
    [InlineData(60)]
    [InlineData(120)]
    public async Task On_a_terminal_no_line_is_wider_than_the_terminal(int width)
    {
        await using var server = await AdminServer.StartAsync();
        server.Answers("GET /api/cp/tenants", 200, TwoTenants);
        using var pbm = new PbmRun { Keys = [], Width = width };
        pbm.Environment["NO_COLOR"] = "1";
        await pbm.RunAsync(server, "tenant", "list");

        var plain = System.Text.RegularExpressions.Regex.Replace(pbm.Output, "\e\\[[0-9;]*m", "");
        Assert.All(plain.Split('\n'), line => Assert.InRange(line.Length, 0, width));
        Assert.Contains("globex", plain);
        Assert.Contains("╭", plain);
    }

    [Fact]
    public async Task Json_is_the_servers_own_to_the_byte()
    {
        await using var server = await AdminServer.StartAsync();
        server.Answers("GET /api/cp/tenants", 200, TwoTenants);
        using var pbm = new PbmRun();
        await pbm.RunAsync(server, "tenant", "list", "--json");

        Assert.Equal(TwoTenants + System.Environment.NewLine, pbm.Output);
        Assert.Empty(pbm.Errors);
    }

    [Fact]
    public async Task What_was_asked_for_is_in_the_query()
    {
        await using var server = await AdminServer.StartAsync();
        using var pbm = new PbmRun();
        await pbm.RunAsync(
            server, "tenant", "list", "--search", "a&b c", "--status", "deleted", "--page", "3", "--per-page", "7");

        Assert.Equal(
            "GET /api/cp/tenants?page=3&perPage=7&search=a%26b%20c&status=deleted", server.Requests.Single());
    }

    [Fact]
    public async Task All_reads_every_page_and_joins_them_without_repeating_a_tenant()
    {
        await using var server = await AdminServer.StartAsync();
        // The second page begins with a tenant that moved there while the first was read.
        Page(server, 1, "a", "b");
        Page(server, 2, "b", "c");
        Page(server, 3, "d");
        using var pbm = new PbmRun();
        await pbm.RunAsync(server, "tenant", "list", "--all", "--per-page", "2", "--json");

        using var document = JsonDocument.Parse(pbm.Output);
        var ids = document.RootElement.GetProperty("items").EnumerateArray()
            .Select(item => item.GetProperty("id").GetString());
        Assert.Equal(["a", "b", "c", "d"], ids);
        Assert.Equal(4, document.RootElement.GetProperty("totalItems").GetInt32());

        Assert.Equal(2, await pbm.RunAsync(server, "tenant", "list", "--all", "--page", "2"));
    }

    [Fact]
    public async Task Names_cannot_drive_the_terminal()
    {
        await using var server = await AdminServer.StartAsync();
        server.Answers(
            "GET /api/cp/tenants", 200, """{"items":[{"id":"acme","domains":["\u001b]0;owned\u0007[red]x"]}]}""");
        using var pbm = new PbmRun();
        await pbm.RunAsync(server, "tenant", "list");

        Assert.DoesNotContain('\e', pbm.Output);
        Assert.DoesNotContain('\a', pbm.Output);
        Assert.Contains("[red]x", pbm.Output);
    }

    [Fact]
    public async Task No_tenant_at_all_is_said()
    {
        await using var server = await AdminServer.StartAsync();
        server.Answers("GET /api/cp/tenants", 200, """{"page":1,"perPage":30,"totalItems":0,"items":[]}""");
        using var pbm = new PbmRun();
        await pbm.RunAsync(server, "tenant", "list");

        Assert.Equal("0 tenants", pbm.Errors.Trim());
    }

    private static void Page(AdminServer server, int page, params string[] ids)
    {
        var items = string.Join(',', ids.Select(id => $$"""{"id":"{{id}}"}"""));
        server.Answers(
            $"GET /api/cp/tenants?page={page}&perPage=2&sort=id",
            200,
            $$"""{"page":{{page}},"perPage":2,"totalItems":5,"totalPages":3,"items":[{{items}}]}""");
    }
}
