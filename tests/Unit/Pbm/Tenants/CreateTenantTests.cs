namespace Platform.Pbm.Tests.Tenants;

public sealed class CreateTenantTests
{
    private const string Created =
        """{"id":"acme","status":"created","domains":["a.example"],"metadata":{"plan":"x"}}""";

    [Fact]
    public async Task Everything_that_was_given_is_sent_and_the_answer_is_shown()
    {
        await using var server = await AdminServer.StartAsync();
        server.Answers("POST /api/cp/tenants", 201, Created);
        using var pbm = new PbmRun();
        var exitCode = await pbm.RunAsync(
            server, "tenant", "create", "acme", "--domain", "a.example", "--domain", "b.example", "--durability",
            "local", "--meta", "plan=x=y", "--meta", "owner=", "--superuser-email", "a@b.example",
            "--superuser-password", "@secret");

        Assert.Equal(0, exitCode);
        Assert.Equal(
            """POST /api/cp/tenants {"id":"acme","domains":["a.example","b.example"],"durability":"local","metadata":"""
                + """{"plan":"x=y","owner":""},"superuser":{"email":"a@b.example","password":"@secret"}}""",
            server.Requests.Single());
        Assert.StartsWith("Created the tenant acme.", pbm.Output);
        Assert.Matches(@"metadata\.plan +x\n", pbm.Output.ReplaceLineEndings("\n"));
        Assert.DoesNotContain("secret", pbm.Output + pbm.Errors);
    }

    [Fact]
    public async Task Only_the_id_is_sent_when_only_the_id_is_given()
    {
        await using var server = await AdminServer.StartAsync();
        server.Answers("POST /api/cp/tenants", 201, Created);
        using var pbm = new PbmRun();

        Assert.Equal(0, await pbm.RunAsync(server, "tenant", "create", "acme", "--json"));
        Assert.Equal("""POST /api/cp/tenants {"id":"acme"}""", server.Requests.Single());
        Assert.Equal(Created + System.Environment.NewLine, pbm.Output);
    }

    [Fact]
    public async Task The_password_can_come_from_standard_input()
    {
        await using var server = await AdminServer.StartAsync();
        server.Answers("POST /api/cp/tenants", 201, Created);
        using var pbm = new PbmRun { Input = "from stdin\nnext line\n" };
        await pbm.RunAsync(
            server, "tenant", "create", "acme", "--superuser-email", "a@b.example", "--superuser-password-stdin");

        Assert.EndsWith(
            ""","superuser":{"email":"a@b.example","password":"from stdin"}}""", server.Requests.Single());
    }

    [Fact]
    public async Task On_a_terminal_the_id_and_the_password_are_asked_for_and_the_password_is_not_echoed()
    {
        await using var server = await AdminServer.StartAsync();
        server.Answers("POST /api/cp/tenants", 201, Created);
        using var pbm = new PbmRun { Keys = ScriptedKeys.Typed("acme\nhunter22\n") };

        Assert.Equal(0, await pbm.RunAsync(server, "tenant", "create", "--superuser-email", "a@b.example"));
        Assert.Equal(
            """POST /api/cp/tenants {"id":"acme","superuser":{"email":"a@b.example","password":"hunter22"}}""",
            server.Requests.Single());
        Assert.Contains("Password of a@b.example: ", pbm.Errors);
        Assert.DoesNotContain("hunter22", pbm.Output + pbm.Errors);
    }

    [Theory]
    [InlineData("tenant create", "needs the id")]
    [InlineData("tenant create ACME", "'ACME' must be 1 to 63 characters")]
    [InlineData("tenant create acme --superuser-password x", "needs --superuser-email")]
    [InlineData("tenant create acme --superuser-email a@b.c", "--superuser-password-stdin")]
    [InlineData("tenant create acme --superuser-email a@b.c --superuser-password-stdin", "is empty")]
    [InlineData(
        "tenant create acme --superuser-email a@b.c --superuser-password x --superuser-password-stdin", "not both")]
    [InlineData("tenant create acme --meta novalue", "KEY=VALUE, not 'novalue'")]
    [InlineData("tenant create acme --meta a=1 --meta a=2", "'a' twice")]
    [InlineData("tenant create acme --durability lokal", "'replicated' 'local'")]
    public async Task A_wrong_command_line_sends_nothing_and_exits_with_2(string line, string says)
    {
        await using var server = await AdminServer.StartAsync();
        using var pbm = new PbmRun();

        Assert.Equal(2, await pbm.RunAsync(server, line.Split(' ')));
        Assert.Contains(says, pbm.Errors);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_refusal_shows_its_message_and_each_field_and_exits_with_1()
    {
        const string refusal = """
            {"status":400,"message":"Failed to create the tenant.","data":{
              "domains":{"code":"taken","message":"shop.example.com belongs to another tenant."},
              "superuser.email":{"code":"invalid","message":"Must be an e-mail address."}}}
            """;
        await using var server = await AdminServer.StartAsync();
        server.Answers("POST /api/cp/tenants", 400, refusal);
        using var pbm = new PbmRun();

        Assert.Equal(1, await pbm.RunAsync(server, "tenant", "create", "acme"));
        Assert.Equal(
            """
            Error: Failed to create the tenant. (400)
              domains: shop.example.com belongs to another tenant.
              superuser.email: Must be an e-mail address.

            """,
            pbm.Errors,
            ignoreLineEndingDifferences: true);
        Assert.Empty(pbm.Output);

        Assert.Equal(1, await pbm.RunAsync(server, "tenant", "create", "acme", "--json"));
        Assert.Equal(refusal.TrimEnd() + System.Environment.NewLine, pbm.Errors);
    }
}
