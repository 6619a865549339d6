namespace Platform.Pbm.Tests.Cluster;

public sealed class ClusterCommandsTests
{
    [Fact]
    public async Task Status_shows_values_first_and_lists_as_tables()
    {
        await using var server = await AdminServer.StartAsync();
        server.Answers(
            "GET /api/cp/health",
            200,
            """{"status":"healthy","tenants":{"created":3,"deleted":1},"checks":[{"name":"store","status":"ok"}]}""");
        using var pbm = new PbmRun();

        Assert.Equal(0, await pbm.RunAsync(server, "cluster", "status"));
        Assert.Equal(
            """
            status           healthy
            tenants.created  3
            tenants.deleted  1

            checks:
            name   status
            store  ok

            """,
            pbm.Output,
            ignoreLineEndingDifferences: true);
    }

    [Fact]
    public async Task An_unhealthy_cluster_is_shown_and_exits_with_1()
    {
        await using var server = await AdminServer.StartAsync();
        server.Answers(
            "GET /api/cp/health", 503, """{"status":"degraded","checks":{"store":"ok","objects":"unreachable"}}""");
        using var pbm = new PbmRun();

        Assert.Equal(1, await pbm.RunAsync(server, "cluster", "status"));
        Assert.Contains("status: degraded", pbm.Errors);
        Assert.Contains("objects=unreachable", pbm.Errors);
    }

    [Fact]
    public async Task Members_are_a_table()
    {
        await using var server = await AdminServer.StartAsync();
        server.Answers(
            "GET /cluster/members",
            200,
            """{"selfNode":"n1","members":[{"node":"n1","status":"Up","roles":["all-in-one"]}],"unreachable":[]}""");
        using var pbm = new PbmRun();

        Assert.Equal(0, await pbm.RunAsync(server, "cluster", "members"));
        Assert.Matches(@"(?m)^n1 +Up +all-in-one\r?$", pbm.Output);
        Assert.Matches(@"(?m)^unreachable +-\r?$", pbm.Output);
    }
}
