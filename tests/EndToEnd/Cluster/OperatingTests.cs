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

    private PbmClient PbmAt(string process) => new(cluster.Processes[process].Public, cluster.AdminToken);

    private async Task<List<JsonElement>> EventsAsync(string process, params string[] arguments) =>
    [
        .. (await PbmAt(process).SucceedAsync(["--json", "cluster", "events", .. arguments]))
            .Json().GetProperty("items").EnumerateArray(),
    ];

    private static List<string> Kinds(IEnumerable<JsonElement> events) =>
        [.. events.Select(item => item.GetProperty("kind").GetString()!)];
}
