namespace Platform.Pbm.Tests.Tenants;

/// <summary>History, going back, clones and backups.</summary>
public sealed class TenantPastTests
{
    private const string Rewound = """
        {"id":"acme","changed":true,"restored":{"txid":"0000000000000002","time":"2026-01-31T10:00:00.123Z"},
         "current":{"txid":"0000000000000008","time":"2026-02-01T10:00:00.000Z"},"undo":"0000000000000007"}
        """;

    [Fact]
    public async Task History_shows_exact_times_kinds_and_the_range()
    {
        await using var server = await AdminServer.StartAsync();
        server.Answers(
            "GET /api/cp/tenants/acme/history?snapshots=true&page=2&perPage=3", 200,
            """
            {"isComplete":false,"earliest":{"txid":"0000000000000001","time":"2026-01-30T10:00:00.001Z"},"latest":null,
             "page":2,"perPage":3,"totalItems":6,"totalPages":2,"items":[
             {"txid":"0000000000000003","time":"2026-01-31T10:00:00.123Z","snapshot":false,"level":0,"bytes":2048},
             {"txid":"0000000000000002","time":"2026-01-31T09:00:00.000Z","snapshot":false,"level":2,"bytes":100},
             {"txid":"0000000000000001","time":"2026-01-30T10:00:00.001Z","snapshot":true,"level":9,"bytes":100}]}
            """);
        using var pbm = new PbmRun();

        Assert.Equal(0, await pbm.RunAsync(
            server, "tenant", "history", "acme", "--snapshots", "--page", "2", "--per-page", "3"));
        Assert.Equal(
            """
            txid              time                      kind         bytes
            0000000000000003  2026-01-31T10:00:00.123Z  transaction  2048 (2 KiB)
            0000000000000002  2026-01-31T09:00:00.000Z  merged       100
            0000000000000001  2026-01-30T10:00:00.001Z  snapshot     100

            """,
            pbm.Output,
            ignoreLineEndingDifferences: true,
            ignoreWhiteSpaceDifferences: true);
        Assert.Contains("Retained from 2026-01-30T10:00:00.001Z on; 6 states.", pbm.Errors);
        Assert.Contains("missing", pbm.Errors);
    }

    [Fact]
    public async Task A_tenant_without_history_says_so()
    {
        await using var server = await AdminServer.StartAsync();
        server.Answers(
            "GET /api/cp/tenants/acme/history", 200,
            """{"isComplete":true,"earliest":null,"latest":null,"page":1,"perPage":30,"totalItems":0,"totalPages":0,"items":[]}""");
        using var pbm = new PbmRun();

        Assert.Equal(0, await pbm.RunAsync(server, "tenant", "history", "acme"));
        Assert.Equal("Nothing was ever written.", pbm.Errors.Trim());
    }

    [Theory]
    [InlineData("--at", "2026-01-31T10:00:00Z", """{"at":"2026-01-31T10:00:00Z"}""")]
    [InlineData("--txid", "2", """{"txid":"2"}""")]
    public async Task Restore_takes_a_tenant_back_and_says_how_to_undo_it(string option, string value, string body)
    {
        await using var server = await AdminServer.StartAsync();
        server.Answers("POST /api/cp/tenants/acme/rewind", 200, Rewound);
        using var pbm = new PbmRun();

        Assert.Equal(0, await pbm.RunAsync(server, "tenant", "restore", "acme", option, value, "--yes"));
        Assert.Equal($"POST /api/cp/tenants/acme/rewind {body}", Assert.Single(server.Requests));
        Assert.Contains("after transaction 0000000000000002 of 2026-01-31T10:00:00.123Z", pbm.Output);
        Assert.Contains("`pbm tenant restore acme --txid 0000000000000007` undoes this.", pbm.Output);
        Assert.Equal(0, await pbm.RunAsync(server, "--json", "tenant", "restore", "acme", option, value, "--yes"));
        Assert.Equal(Rewound, pbm.Output.Trim());
    }

    [Fact]
    public async Task Restore_to_the_present_state_says_that_nothing_was_changed()
    {
        await using var server = await AdminServer.StartAsync();
        server.Answers("POST /api/cp/tenants/acme/rewind", 200, Rewound.Replace("true", "false", StringComparison.Ordinal));
        using var pbm = new PbmRun();

        Assert.Equal(0, await pbm.RunAsync(server, "tenant", "restore", "acme", "--txid", "7", "--yes"));
        Assert.Contains("nothing was changed", pbm.Output);
    }

    [Fact]
    public async Task Restore_in_place_asks_or_needs_yes()
    {
        await using var server = await AdminServer.StartAsync();
        using var pipe = new PbmRun();
        Assert.Equal(2, await pipe.RunAsync(server, "tenant", "restore", "acme", "--txid", "7"));
        Assert.Contains("--yes", pipe.Errors);
        using var terminal = new PbmRun { Keys = ScriptedKeys.Typed("n\n") };
        Assert.Equal(1, await terminal.RunAsync(server, "tenant", "restore", "acme", "--txid", "7"));
        Assert.Contains("Nothing was changed.", terminal.Errors);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Restore_into_a_new_tenant_does_not_ask()
    {
        await using var server = await AdminServer.StartAsync();
        server.Answers(
            "POST /api/cp/tenants/acme/rewind", 201,
            """{"id":"then","copiedFrom":{"id":"acme","txid":"0000000000000007","time":"2026-01-31T10:00:00.123Z"}}""");
        using var pbm = new PbmRun();

        Assert.Equal(0, await pbm.RunAsync(server, "tenant", "restore", "acme", "--txid", "7", "--into", "then"));
        Assert.Equal("""POST /api/cp/tenants/acme/rewind {"txid":"7","into":"then"}""", Assert.Single(server.Requests));
        Assert.StartsWith("Made the tenant then of a past state of acme.", pbm.Output);
        Assert.Contains("0000000000000007", pbm.Output);
    }

    [Theory]
    [InlineData("restore acme --at 2026-01-31T10:00:00Z --txid 1 --yes", "one of --at and --txid")]
    [InlineData("restore acme --into other", "pbm tenant clone acme other")]
    [InlineData("restore acme --txid 1 --into Not/Valid", "Not/Valid")]
    [InlineData("clone acme", "'NEW'")]
    [InlineData("clone acme ..", "..")]
    [InlineData("backup acme", "'ACTION'")]
    [InlineData("backup acme erase", "erase")]
    [InlineData("backup acme download", "needs the backup's name")]
    [InlineData("backup acme delete --yes", "needs the backup's name")]
    [InlineData("backup acme delete one", "--yes")]
    [InlineData("backup acme list --at 2026-01-31T10:00:00Z", "for `create` only")]
    public async Task Wrong_command_lines_are_not_sent(string line, string says)
    {
        await using var server = await AdminServer.StartAsync();
        using var pbm = new PbmRun();

        Assert.Equal(2, await pbm.RunAsync(server, ["tenant", .. line.Split(' ')]));
        Assert.Contains(says, pbm.Errors);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Clone_posts_and_shows_the_new_tenant()
    {
        await using var server = await AdminServer.StartAsync();
        server.Answers("POST /api/cp/tenants/acme/clone", 201, """{"id":"twin","status":"created"}""");
        using var pbm = new PbmRun();

        Assert.Equal(0, await pbm.RunAsync(server, "tenant", "clone", "acme", "twin"));
        Assert.Equal("""POST /api/cp/tenants/acme/clone {"into":"twin"}""", Assert.Single(server.Requests));
        Assert.StartsWith("Cloned the tenant acme into twin.", pbm.Output);
    }

    [Fact]
    public async Task Backups_are_created_listed_and_deleted()
    {
        await using var server = await AdminServer.StartAsync();
        server.Answers(
                "POST /api/cp/tenants/acme/backups", 201, """{"name":"one.zip","bytes":2048,"txid":"0000000000000007"}""")
            .Answers(
                "GET /api/cp/tenants/acme/backups", 200,
                """{"items":[{"name":"one.zip","bytes":2048,"modified":"2026-01-31T10:00:00.000Z"}]}""")
            .Answers("DELETE /api/cp/tenants/acme/backups/one.zip", 204, "");
        using var pbm = new PbmRun();

        Assert.Equal(0, await pbm.RunAsync(server, "tenant", "backup", "acme", "create"));
        Assert.StartsWith("Created the backup one.zip of the tenant acme.", pbm.Output);
        Assert.Equal(0, await pbm.RunAsync(server, "tenant", "backup", "acme", "create", "one", "--txid", "7"));
        Assert.Equal(0, await pbm.RunAsync(server, "tenant", "backup", "acme", "list"));
        Assert.Contains("one.zip", pbm.Output);
        Assert.Contains("2048 (2 KiB)", pbm.Output);
        Assert.Equal(0, await pbm.RunAsync(server, "tenant", "backup", "acme", "delete", "one.zip", "--yes"));
        Assert.Equal(
            [
                "POST /api/cp/tenants/acme/backups {}",
                """POST /api/cp/tenants/acme/backups {"txid":"7","name":"one"}""",
                "GET /api/cp/tenants/acme/backups",
                "DELETE /api/cp/tenants/acme/backups/one.zip",
            ],
            server.Requests);
    }

    [Fact]
    public async Task A_backup_is_downloaded_to_a_file_that_is_not_there_yet()
    {
        await using var server = await AdminServer.StartAsync();
        server.Answers("GET /api/cp/tenants/acme/backups/one", 200, "the bytes of a zip");
        using var pbm = new PbmRun();

        Assert.Equal(0, await pbm.RunAsync(server, "tenant", "backup", "acme", "download", "one"));
        Assert.Equal("the bytes of a zip", await File.ReadAllTextAsync(Path.Combine(pbm.Folder, "acme-one.zip")));
        Assert.Equal(2, await pbm.RunAsync(server, "tenant", "backup", "acme", "download", "one"));
        Assert.Contains("exists", pbm.Errors);
        Assert.Equal(0, await pbm.RunAsync(
            server, "tenant", "backup", "acme", "download", "one", "--output", Path.Combine(pbm.Folder, "other")));
        Assert.Equal(2, await pbm.RunAsync(
            server, "tenant", "backup", "acme", "download", "one", "--output", Path.Combine(pbm.Folder, "no/such/folder")));
        Assert.Equal(1, await pbm.RunAsync(server, "tenant", "backup", "acme", "download", "missing"));
        Assert.Equal(["acme-one.zip", "other"], Directory.GetFiles(pbm.Folder).Select(Path.GetFileName).Order());
    }
}
