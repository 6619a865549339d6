namespace Platform.Pbm.Tests.Shell;

public sealed class InteractiveShellTests
{
    [Fact]
    public async Task A_script_is_run_line_by_line_with_the_options_of_the_shell()
    {
        await using var server = await AdminServer.StartAsync();
        server.Answers("GET /api/cp/nodes", 200, "[]").Answers("GET /api/cp/health", 200, """{"status":"healthy"}""");
        using var pbm = new PbmRun
        {
            Input = """
                # a comment

                pbm cluster status
                node list --token mine
                exit
                node list
                """,
        };

        Assert.Equal(0, await pbm.RunAsync(server, "--token", "shared", "--json"));
        Assert.Equal(["GET /api/cp/health", "GET /api/cp/nodes"], server.Requests);
        Assert.Equal(["Bearer shared", "Bearer mine"], server.Authorizations);
        Assert.Equal("""{"status":"healthy"}""" + "\n[]\n", pbm.Output.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task A_script_goes_on_after_an_error_and_reports_it_at_the_end()
    {
        await using var server = await AdminServer.StartAsync();
        server.Answers("GET /api/cp/nodes", 200, "[]");
        using var pbm = new PbmRun { Input = "tenant lsit\nnode list\n" };

        Assert.Equal(2, await pbm.RunAsync(server));
        Assert.Contains("Did you mean 'list'?", pbm.Errors);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Quotes_hold_words_together()
    {
        await using var server = await AdminServer.StartAsync();
        using var pbm = new PbmRun { Input = "tenant list --search \"a b\"\n" };
        await pbm.RunAsync(server);

        Assert.Equal("GET /api/cp/tenants?search=a%20b", server.Requests.Single());
    }

    [Fact]
    public async Task On_a_terminal_words_are_completed_and_the_history_is_kept_without_secrets()
    {
        await using var server = await AdminServer.StartAsync();
        server.Answers("GET /api/cp/nodes", 200, "[]");
        using var pbm = new PbmRun { Keys = ScriptedKeys.Typed("no\tli\t\nnode list --token hunter22\nexit\n") };
        var history = Path.Combine(pbm.Folder, "state", "history");
        pbm.Environment["PBM_HISTORY_FILE"] = history;

        Assert.Equal(0, await pbm.RunAsync(server));
        Assert.Equal(["GET /api/cp/nodes", "GET /api/cp/nodes"], server.Requests);
        Assert.Equal(["node list "], await File.ReadAllLinesAsync(history));
    }

    [Fact]
    public async Task The_history_of_the_last_shell_is_recalled_with_the_arrow()
    {
        await using var server = await AdminServer.StartAsync();
        using var pbm = new PbmRun
        {
            Keys = [ScriptedKeys.Key(ConsoleKey.UpArrow), ScriptedKeys.Key(ConsoleKey.Enter)],
        };
        pbm.Environment["PBM_HISTORY_FILE"] = Path.Combine(pbm.Folder, "history");
        await File.WriteAllTextAsync(Path.Combine(pbm.Folder, "history"), "cluster status\nnode list\n");
        await pbm.RunAsync(server);

        Assert.Equal("GET /api/cp/nodes", server.Requests.Single());
    }

    [Fact]
    public async Task Shells_at_the_same_time_keep_their_lines_side_by_side()
    {
        await using var server = await AdminServer.StartAsync();
        server.Answers("GET /api/cp/nodes", 200, "[]");
        using var pbm = new PbmRun { Keys = ScriptedKeys.Typed("node list\nexit\n") };
        var history = Path.Combine(pbm.Folder, "history");
        await File.WriteAllLinesAsync(history, Enumerable.Range(0, 499).Select(number => $"tenant show t{number}"));
        pbm.Environment["PBM_HISTORY_FILE"] = history;

        // The other one writes while this one runs: it was loaded before.
        server.Answers("GET /api/cp/nodes", 200, "[]");
        await pbm.RunAsync(server);
        await File.AppendAllTextAsync(history, "cluster status\n");
        using var next = new PbmRun { Keys = ScriptedKeys.Typed("node list\nexit\n") };
        next.Environment["PBM_HISTORY_FILE"] = history;
        await next.RunAsync(server);

        var lines = await File.ReadAllLinesAsync(history);
        Assert.Equal(500, lines.Length);
        Assert.Equal(["node list", "cluster status", "node list"], lines.TakeLast(3));
    }
}
