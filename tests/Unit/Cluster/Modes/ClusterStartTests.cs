using System.Net;
using System.Text.Json;
using Platform.Cluster.Membership;
using Platform.Cluster.Modes;
using Platform.Cluster.Tests.Support;
using Platform.Testing.Etcd;

namespace Platform.Cluster.Tests.Modes;

/// <summary>Who may be of a cluster, with a real etcd.</summary>
public sealed class ClusterStartTests : IAsyncLifetime
{
    private const string Secret = "a-secret-of-the-cluster-that-is-long-enough";

    private readonly TemporaryFolder _folder = new();
    private EtcdCluster _etcd = null!;

    public async Task InitializeAsync() => _etcd = await EtcdCluster.StartAsync(new EtcdClusterOptions { Members = 1 });

    public async Task DisposeAsync()
    {
        await _etcd.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Without_etcd_the_start_says_where_it_looked()
    {
        using var taken = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var nowhere = $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}";
        var refused = await RefusedAsync("n1", $"platform.cluster.etcd.endpoints={nowhere}", "platform.cluster.etcd.deadline=1s");
        Assert.Contains("the cluster store cannot be used: no member of etcd answered within 1 s", refused, StringComparison.Ordinal);
        Assert.Contains("platform.cluster.etcd", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_secret_is_refused_while_somebody_lives_and_taken_when_nobody_does()
    {
        await using (await StartAsync("n1"))
        {
            var refused = await RefusedAsync("n2", "platform.cluster.secret=" + new string('x', 40));
            Assert.Contains("platform.cluster.secret must be the same in all processes", refused, StringComparison.Ordinal);
            Assert.Contains("n1", refused, StringComparison.Ordinal);
            Assert.DoesNotContain(Secret, refused, StringComparison.Ordinal);
            await using var right = await StartAsync("n3");
        }

        await using var changed = await StartAsync("n2", "platform.cluster.secret=" + new string('x', 40));
        Assert.Contains("must be the same", await RefusedAsync("n1"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ClusterProtocol.Current + 2, true)]
    [InlineData(ClusterProtocol.Current + 1, false)]
    [InlineData(0, false)]
    public async Task A_release_one_apart_works_and_more_is_refused(int protocol, bool isRefused)
    {
        var other = new NodeDocument
        {
            Id = "other",
            Instance = "i",
            Folder = "f",
            Address = "http://127.0.0.1:1",
            Version = "9.9.9",
            Protocol = protocol,
        };
        await _etcd.ControlAsync(
            "put", "/nodes/other", JsonSerializer.Serialize(other, MembershipJson.Default.NodeDocument));
        if (!isRefused)
        {
            await using var node = await StartAsync("n1");
            return;
        }

        var refused = await RefusedAsync("n1");
        Assert.Contains("node 'other' (release 9.9.9) speaks protocol 3 of the cluster, this process 1", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_process_with_the_id_of_a_living_one_is_refused()
    {
        await using var first = await StartAsync("n1");
        var refused = await RefusedAsync("n1", "platform.cluster.lease-ttl=2s", "platform.data-dir=" + _folder.File("twin"));
        Assert.Contains("the node id 'n1' is in use by the process at http", refused, StringComparison.Ordinal);
    }

    private async Task<string> RefusedAsync(string id, params string[] settings) =>
        (await Assert.ThrowsAsync<StartException>(async () => await (await StartAsync(id, settings)).DisposeAsync())).Message;

    private Task<ClusterNode> StartAsync(string id, params string[] settings) => ClusterNode.StartAsync(
        NodeFixture.Options(
            _folder,
            [
                $"platform.node-id={id}", "platform.mode=control-plane", "platform.http.internal-listen=127.0.0.1:0",
                "platform.cluster.store=etcd", $"platform.cluster.etcd.endpoints={_etcd.Endpoints[0]}",
                $"platform.cluster.secret={Secret}", $"platform.data-dir={_folder.File(id)}",
                $"platform.object-store.path={_folder.File("objects")}", "platform.admin-token=a-token-for-tests-only", .. settings,
            ]),
        TimeProvider.System, CancellationToken.None);
}
