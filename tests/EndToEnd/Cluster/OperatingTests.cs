using System.Text.Json;
using Platform.EndToEnd.Tests.Pbm;
using Platform.EndToEnd.Tests.Recovery;
using Platform.Testing;

namespace Platform.EndToEnd.Tests.Cluster;

/// <summary>What an operator sees of a cluster from outside, at any control plane.</summary>
public sealed class OperatingTests(LocalCluster cluster) : IClassFixture<LocalCluster>
{
    [Fact]
    public async Task The_events_of_a_life_and_a_death_are_told_alike_by_every_control_plane()
    {
        Assert.Equal(201, (await cluster.AdminAsync("POST", "api/cp/tenants", new { id = "told" })).Status);
        var owner = await cluster.AssignAsync("told");
        await cluster.KillAsync(owner!);
        await Eventually.TrueAsync("the tenant moved", async () => await cluster.OwnerOfAsync("told") != owner);
        await cluster.RestartAsync(owner!);

        string[] expected = ["tenant.created", "tenant.assigned", "tenant.moved"];
        await Eventually.TrueAsync("all is told", async () => Kinds(await EventsAsync("cp1", "--tenant", "told"))
            .SequenceEqual(expected));
        Assert.Equal(
            (await EventsAsync("cp1", "--tenant", "told")).Select(item => item.GetProperty("id").GetString()),
            (await EventsAsync("cp2", "--tenant", "told")).Select(item => item.GetProperty("id").GetString()));
        var moved = (await EventsAsync("cp2", "--kind", "tenant.moved", "--tenant", "told"))[0];
        Assert.Equal((owner, "lost"), (moved.GetProperty("from").GetString(), moved.GetProperty("reason").GetString()));
        await Eventually.TrueAsync("the node's fate is told", async () =>
            Kinds(await EventsAsync("cp2", "--node", owner!, "--kind", "node")) is [.., "node.joined"]);
        Assert.Contains("node.down", Kinds(await EventsAsync("cp1", "--node", owner!, "--kind", "node")));
        var refused = await PbmAt("cp1").RunAsync("cluster", "events", "--kind", "nod");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("node.down", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Routes_are_listed_in_pages_and_by_node()
    {
        foreach (var tenant in (string[])["routed-a", "routed-b", "routed-c"])
        {
            Assert.Equal(201, (await cluster.AdminAsync("POST", "api/cp/tenants", new { id = tenant })).Status);
            Assert.NotNull(await cluster.AssignAsync(tenant));
        }

        var owner = await cluster.AssignAsync("routed-a");
        await Eventually.TrueAsync("the route is known everywhere", async () =>
            (await PbmAt("cp2").SucceedAsync("--json", "cluster", "routes", "--node", owner!, "--per-page", "1000"))
                .Json().GetProperty("items").EnumerateArray()
                .Any(item => item.GetProperty("tenant").GetString() == "routed-a"));
        var page = (await cluster.AdminAsync("GET", "api/cp/routes?perPage=2")).Body;
        Assert.Equal(2, page.GetProperty("items").GetArrayLength());
        Assert.True(page.GetProperty("totalPages").GetInt32() > 1);
        Assert.Equal(400, (await cluster.AdminAsync("GET", "api/cp/routes?perPage=0&nodes=x")).Status);
        Assert.Contains("routed-b", (await PbmAt("cp1").SucceedAsync("cluster", "routes", "--per-page", "1000")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rebalancing_is_asked_of_any_control_plane_and_can_be_tried_dry()
    {
        foreach (var process in (string[])["cp1", "cp2"])
        {
            var tried = (await PbmAt(process).SucceedAsync("--json", "cluster", "rebalance", "--dry-run")).Json();
            Assert.True(tried.GetProperty("dryRun").GetBoolean());
            Assert.Equal(3, tried.GetProperty("nodes").GetArrayLength());
        }

        Assert.Contains("even", (await PbmAt("cp2").SucceedAsync("cluster", "rebalance")).Output, StringComparison.Ordinal);
        Assert.Equal(400, (await cluster.AdminAsync("POST", "api/cp/rebalance?dryRun=maybe")).Status);
    }

    [Fact]
    public async Task The_status_names_the_members_of_etcd_and_every_reason_to_worry()
    {
        await Eventually.TrueAsync("all is well", async () => (await PbmAt("cp1").RunAsync("cluster", "status")).ExitCode == 0);
        var status = (await PbmAt("cp1").SucceedAsync("--json", "cluster", "status")).Json();
        var members = status.GetProperty("storeMembers").EnumerateArray().ToList();
        Assert.Equal(3, members.Count);
        Assert.Single(members, member => member.GetProperty("leader").GetBoolean());
        Assert.Empty(status.GetProperty("reasons").EnumerateArray());

        await cluster.KillAsync("node3");
        await Eventually.TrueAsync("the loss is noticed", async () =>
            (await PbmAt("cp2").RunAsync("cluster", "status")).Error.Contains("node node3 is down", StringComparison.Ordinal));
        Assert.Equal(1, (await PbmAt("cp2").RunAsync("cluster", "status")).ExitCode);
        await cluster.RestartAsync("node3");
    }

    private PbmClient PbmAt(string process) => new(cluster.Processes[process].Public, cluster.AdminToken);

    private async Task<List<JsonElement>> EventsAsync(string process, params string[] arguments) =>
    [
        .. (await PbmAt(process).SucceedAsync(["--json", "cluster", "events", .. arguments]))
            .Json().GetProperty("items").EnumerateArray(),
    ];

    private static List<string> Kinds(IEnumerable<JsonElement> events) =>
        [.. events.Select(item => item.GetProperty("kind").GetString()!)];
}
