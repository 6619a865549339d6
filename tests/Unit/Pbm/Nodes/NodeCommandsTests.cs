namespace Platform.Pbm.Tests.Nodes;

public sealed class NodeCommandsTests
{
    [Theory]
    [InlineData("""{"items":[{"id":"n1","status":"healthy","active":12}]}""")]
    [InlineData("""[{"id":"n1","status":"healthy","active":12}]""")]
    public async Task List_is_a_table_of_what_the_server_knows(string answer)
    {
        await using var server = await AdminServer.StartAsync();
        server.Answers("GET /api/cp/nodes", 200, answer);
        using var pbm = new PbmRun();

        Assert.Equal(0, await pbm.RunAsync(server, "node", "list"));
        Assert.Equal(
            """
            id  status   active
            n1  healthy  12

            """,
            pbm.Output,
            ignoreLineEndingDifferences: true);
    }

    [Fact]
    public async Task Show_escapes_the_id()
    {
        await using var server = await AdminServer.StartAsync();
        server.Answers("GET /api/cp/nodes/a%2Fb", 200, """{"id":"a/b"}""");
        using var pbm = new PbmRun();

        Assert.Equal(0, await pbm.RunAsync(server, "node", "show", "a/b"));
        Assert.Equal(2, await pbm.RunAsync(server, "node", "show", ".."));
    }
}
