using System.Net.Sockets;
using Platform.Cluster.Modes;
using Platform.Cluster.Tests.Support;

namespace Platform.Cluster.Tests.Modes;

public sealed class AllInOneNodeTests
{
    [Theory]
    [InlineData("GET", "/api/cp/routes")]
    [InlineData("POST", "/api/cp/rebalance")]
    [InlineData("POST", "/api/cp/snapshots")]
    [InlineData("POST", "/api/cp/snapshots/20260101T000000.000Z/restore")]
    [InlineData("POST", "/api/cp/nodes/n1/cordon")]
    [InlineData("POST", "/api/cp/nodes/n1/uncordon")]
    [InlineData("POST", "/api/cp/nodes/n1/drain")]
    public async Task What_needs_a_cluster_is_refused_in_words(string method, string path)
    {
        await using var node = await NodeFixture.StartAsync();
        var (status, body) = await node.SendAsync(method, path);
        Assert.Equal(409, status);
        Assert.Contains("one process", body.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Probes_answer_without_a_token()
    {
        await using var node = await NodeFixture.StartAsync();
        var (alive, _) = await node.SendAsync("GET", "/alive", token: null);
        var (ready, body) = await node.SendAsync("GET", "/ready", token: null);
        var (members, list) = await node.SendAsync("GET", "/cluster/members", token: null);
        Assert.Equal((200, 200, 200), (alive, ready, members));
        Assert.Equal("ready", body.GetProperty("status").GetString());
        Assert.Equal("n1", list.GetProperty("members")[0].GetProperty("nodeUid").GetString());
        Assert.Equal(node.Node.PublicUrl.GetLeftPart(UriPartial.Authority), list.GetProperty("selfNode").GetString());
        using var head = await node.SendRawAsync("HEAD", "/ready", token: null);
        Assert.True(head.IsSuccessStatusCode);
    }

    [Fact]
    public async Task What_is_not_there_and_what_is_not_allowed_is_said_in_JSON()
    {
        await using var node = await NodeFixture.StartAsync();
        var (unknown, body) = await node.SendAsync("GET", "/nowhere");
        Assert.Equal(404, unknown);
        Assert.Equal(404, body.GetProperty("status").GetInt32());
        var (wrong, refusal) = await node.SendAsync("PATCH", "/api/cp/tenants");
        Assert.Equal(405, wrong);
        Assert.Contains("GET, POST", refusal.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_does_not_name_the_server()
    {
        await using var node = await NodeFixture.StartAsync();
        using var answer = await node.SendRawAsync("GET", "/alive");
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Fact]
    public async Task The_internal_listener_serves_operators_even_for_a_tenants_host()
    {
        await using var node = await NodeFixture.StartAsync("platform.http.internal-listen=127.0.0.1:0");
        using var client = new HttpClient { BaseAddress = node.Node.InternalUrl };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/ready");
        request.Headers.Host = "acme.localhost";
        using var answer = await client.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode);
        Assert.NotEqual(node.Node.PublicUrl.Port, node.Node.InternalUrl!.Port);
    }

    [Fact]
    public async Task A_second_process_on_one_data_folder_is_refused()
    {
        await using var node = await NodeFixture.StartAsync();
        var error = await Assert.ThrowsAsync<StartException>(() => AllInOneNode.StartAsync(
            NodeFixture.Options(node.Folder), TimeProvider.System, CancellationToken.None));
        Assert.Contains("is in use by another process", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_is_named_and_nothing_stays_open()
    {
        using var folder = new TemporaryFolder();
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        var error = await Assert.ThrowsAsync<StartException>(() => AllInOneNode.StartAsync(
            NodeFixture.Options(folder, $"platform.http.listen=127.0.0.1:{port}"), TimeProvider.System, CancellationToken.None));
        Assert.Contains($"127.0.0.1:{port}", error.Message, StringComparison.Ordinal);
        Assert.Contains("platform.http.listen", error.Message, StringComparison.Ordinal);
        await using var node = await AllInOneNode.StartAsync(
            NodeFixture.Options(folder), TimeProvider.System, CancellationToken.None);
    }

    [Fact]
    public async Task A_damaged_cluster_store_stops_the_start()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("data"));
        folder.Write("data/cluster.db", new string('x', 5000));
        var error = await Assert.ThrowsAsync<StartException>(() => AllInOneNode.StartAsync(
            NodeFixture.Options(folder), TimeProvider.System, CancellationToken.None));
        Assert.Contains("cluster.db' cannot be opened", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_object_store_that_cannot_be_used_stops_the_start()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("file", "");
        var error = await Assert.ThrowsAsync<StartException>(() => AllInOneNode.StartAsync(
            NodeFixture.Options(folder, $"platform.object-store.path={file}/objects"), TimeProvider.System, CancellationToken.None));
        Assert.Contains("platform.object-store.path", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_S3_server_that_does_not_answer_stops_the_start()
    {
        using var folder = new TemporaryFolder();
        using var closed = new TcpListener(System.Net.IPAddress.Loopback, 0);
        closed.Start();
        var port = ((System.Net.IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        var error = await Assert.ThrowsAsync<StartException>(() => AllInOneNode.StartAsync(
            NodeFixture.Options(
                folder, "platform.object-store.kind=s3", $"platform.object-store.s3.endpoint=http://127.0.0.1:{port}",
                "platform.object-store.s3.bucket=b", "platform.object-store.s3.access-key=a",
                "platform.object-store.s3.secret-key=very-secret"),
            TimeProvider.System, CancellationToken.None));
        Assert.Contains("S3 bucket 'b'", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("very-secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_start_leaves_the_folder_free()
    {
        using var folder = new TemporaryFolder();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => AllInOneNode.StartAsync(
            NodeFixture.Options(folder), TimeProvider.System, cancelled.Token));
        using var again = DataFolder.Open(folder.File("data"));
    }

    [Fact]
    public async Task The_banner_says_where_to_go_next()
    {
        await using var node = await NodeFixture.StartAsync();
        var banner = StartBanner.Compose(NodeFixture.Options(node.Folder), node.Node);
        var port = node.Node.PublicUrl.Port;
        Assert.Contains($"http://{{tenant}}.localhost:{port}\n", banner, StringComparison.Ordinal);
        Assert.Contains($"http://127.0.0.1:{port}/api/cp/tenants", banner, StringComparison.Ordinal);
        Assert.Contains(node.Folder.File("data/admin-token"), banner, StringComparison.Ordinal);
        Assert.Contains(node.Folder.File("data/objects"), banner, StringComparison.Ordinal);
        Assert.DoesNotContain(node.Token, banner, StringComparison.Ordinal);
    }
}
