using System.Net.Sockets;

namespace Platform.Pbm.Tests.Admin;

public sealed class AdminTokenTests
{
    [Fact]
    public async Task The_token_is_looked_for_in_the_order_of_the_help()
    {
        await using var server = await AdminServer.StartAsync();
        server.Answers("GET /api/cp/nodes", 200, "[]");
        using var pbm = new PbmRun();
        string[] list = ["node", "list"];

        await pbm.RunAsync(server, list);
        Directory.CreateDirectory(Path.Combine(pbm.Folder, "platform-data"));
        await File.WriteAllTextAsync(Path.Combine(pbm.Folder, "platform-data", "admin-token"), "default\n");
        await pbm.RunAsync(server, list);
        await File.WriteAllTextAsync(Path.Combine(pbm.Folder, "named"), "named\n");
        pbm.Environment["PBM_TOKEN_FILE"] = "named";
        await pbm.RunAsync(server, list);
        pbm.Environment["PBM_TOKEN"] = "variable";
        await pbm.RunAsync(server, list);
        await pbm.RunAsync(server, ["--token", "option", .. list]);

        Assert.Equal(
            ["", "Bearer default", "Bearer named", "Bearer variable", "Bearer option"], server.Authorizations);
    }

    [Fact]
    public async Task A_refused_token_exits_with_4_and_says_where_it_was_looked_for_but_not_what_it_is()
    {
        await using var server = await AdminServer.StartAsync();
        server.Answers("GET /api/cp/nodes", 401, """{"status":401,"message":"No.","data":{}}""");
        using var pbm = new PbmRun();
        pbm.Environment["PBM_TOKEN"] = "hunter22";

        Assert.Equal(4, await pbm.RunAsync(server, "node", "list"));
        Assert.Contains("does not accept this token", pbm.Errors);
        Assert.Contains("--token: not given", pbm.Errors);
        Assert.Contains("PBM_TOKEN: used", pbm.Errors);
        Assert.DoesNotContain("hunter22", pbm.Errors + pbm.Output);
    }

    [Fact]
    public async Task A_missing_token_exits_with_4_and_names_every_place()
    {
        await using var server = await AdminServer.StartAsync();
        server.Answers("GET /api/cp/nodes", 401, "");
        using var pbm = new PbmRun();

        Assert.Equal(4, await pbm.RunAsync(server, "node", "list"));
        foreach (var place in new[] { "--token", "PBM_TOKEN", "PBM_TOKEN_FILE", "platform-data/admin-token: no such" })
            Assert.Contains(place, pbm.Errors);
    }

    [Theory]
    [InlineData(null, "cannot be read")]
    [InlineData("", "is empty")]
    [InlineData("two words", "must be one word")]
    public async Task A_token_file_that_is_no_use_exits_with_4_before_anything_is_sent(string? content, string says)
    {
        await using var server = await AdminServer.StartAsync();
        using var pbm = new PbmRun();
        pbm.Environment["PBM_TOKEN_FILE"] = "named";
        if (content is not null) await File.WriteAllTextAsync(Path.Combine(pbm.Folder, "named"), content);

        Assert.Equal(4, await pbm.RunAsync(server, "node", "list"));
        Assert.Contains(says, pbm.Errors);
        Assert.DoesNotContain("two words", pbm.Errors);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public void The_token_of_a_local_platform_is_not_shown_to_another_machine()
    {
        using var pbm = new PbmRun();
        Directory.CreateDirectory(Path.Combine(pbm.Folder, "platform-data"));
        File.WriteAllText(Path.Combine(pbm.Folder, "platform-data", "admin-token"), "local");
        var terminal = new Platform.Pbm.Terminal.PbmTerminal
        {
            Out = TextWriter.Null,
            Error = TextWriter.Null,
            In = TextReader.Null,
            Environment = _ => null,
            WorkingDirectory = pbm.Folder,
        };

        Assert.Null(Pbm.Admin.AdminToken.Find(null, terminal, new Uri("https://platform.example.com/")).Value);
        Assert.Equal("local", Pbm.Admin.AdminToken.Find(null, terminal, new Uri("http://localhost:1/")).Value);
    }

    [Fact]
    public async Task An_unreachable_server_exits_with_3_and_says_its_address_and_what_to_try()
    {
        // A port that was free a moment ago, with nobody listening.
        using var probe = new TcpListener(System.Net.IPAddress.Loopback, 0);
        probe.Start();
        var port = ((System.Net.IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        using var pbm = new PbmRun();
        pbm.Environment["PBM_SERVER"] = $"http://127.0.0.1:{port}";

        Assert.Equal(3, await pbm.RunAsync("cluster", "status"));
        Assert.Contains($"http://127.0.0.1:{port}/", pbm.Errors);
        Assert.Contains("platform serve", pbm.Errors);
        Assert.Contains("--server", pbm.Errors);
    }

    [Theory]
    [InlineData("localhost:8090")]
    [InlineData("ftp://x")]
    [InlineData("http://user:secret@x")]
    [InlineData("nonsense")]
    public async Task A_server_that_is_no_http_address_exits_with_2(string server)
    {
        using var pbm = new PbmRun();

        Assert.Equal(2, await pbm.RunAsync("--server", server, "cluster", "status"));
        Assert.Contains("--server must be an address", pbm.Errors);
        Assert.DoesNotContain("secret", pbm.Errors);
    }

    [Theory]
    [InlineData(200, "<html>")]
    [InlineData(404, "<html>")]
    [InlineData(302, "")]
    public async Task A_server_of_another_kind_is_recognised(int status, string body)
    {
        await using var server = await AdminServer.StartAsync();
        server.Answers("GET /api/cp/health", status, body);
        using var pbm = new PbmRun();

        Assert.Equal(1, await pbm.RunAsync(server, "cluster", "status"));
        Assert.Contains("does not speak the platform's admin API", pbm.Errors);
    }
}
