using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Platform.Cluster.Membership;
using Platform.Cluster.Modes;
using Platform.Cluster.Tests.Support;
using Platform.Testing;
using Platform.Testing.Etcd;

namespace Platform.Cluster.Tests.Modes;

/// <summary>Who may be of a cluster, with a real etcd.</summary>
public sealed partial class ClusterStartTests : IAsyncLifetime
{
    private const string Secret = "a-secret-of-the-cluster-that-is-long-enough";

    private const string Token = "a-token-for-tests-only";

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
    [InlineData(ClusterProtocol.OfRelease + 2, true)]
    [InlineData(ClusterProtocol.OfRelease + 1, false)]
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

    [Fact]
    public async Task When_etcd_falls_silent_the_process_says_so_reads_on_and_recovers()
    {
        await using var node = await StartAsync(
            "n1", "platform.cluster.etcd.deadline=1s", "platform.cluster.etcd.try-timeout=300ms", "platform.cluster.lease-ttl=60s");
        using var client = new HttpClient { BaseAddress = new Uri(HealthUrl().Match(node.Banner).Groups[1].Value) };
        client.DefaultRequestHeaders.Authorization = new("Bearer", Token);
        Assert.Equal(HttpStatusCode.Created, await CreateAsync(client, "before"));

        await _etcd.PauseAsync(1);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await CreateAsync(client, "meanwhile"));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("api/cp/tenants/before/location")).StatusCode);
        using (var health = await client.GetAsync("api/cp/health"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
            Assert.Contains(
                $"etcd at {_etcd.Endpoints[0].GetLeftPart(UriPartial.Authority)}: it does not answer",
                await health.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        await _etcd.ResumeAsync(1);
        await Eventually.TrueAsync(async () => (await client.GetAsync("api/cp/health")).IsSuccessStatusCode);
        await Eventually.TrueAsync(async () => await CreateAsync(client, "after") is HttpStatusCode.Created or HttpStatusCode.Conflict);
    }

    private static async Task<HttpStatusCode> CreateAsync(HttpClient client, string tenant)
    {
        using var content = new StringContent($$"""{"id":"{{tenant}}"}""", System.Text.Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync("api/cp/tenants", content);
        return answer.StatusCode;
    }

    [GeneratedRegex(@"Internal\s+(http://\S+)")]
    private static partial Regex HealthUrl();

    private async Task<string> RefusedAsync(string id, params string[] settings) =>
        (await Assert.ThrowsAsync<StartException>(async () => await (await StartAsync(id, settings)).DisposeAsync())).Message;

    private Task<ClusterNode> StartAsync(string id, params string[] settings) => ClusterNode.StartAsync(
        NodeFixture.Options(
            _folder,
            [
                $"platform.node-id={id}", "platform.mode=control-plane", "platform.http.internal-listen=127.0.0.1:0",
                "platform.cluster.store=etcd", $"platform.cluster.etcd.endpoints={_etcd.Endpoints[0]}",
                $"platform.cluster.secret={Secret}", $"platform.data-dir={_folder.File(id)}",
                $"platform.object-store.path={_folder.File("objects")}", $"platform.admin-token={Token}", .. settings,
            ]),
        TimeProvider.System, CancellationToken.None);
}
