using System.Globalization;
using System.Text.RegularExpressions;
using Platform.Testing;
using Platform.Testing.Processes;
using Xunit.Abstractions;

namespace Platform.EndToEnd.Tests.Cluster;

/// <summary>Processes whose clocks or whose releases differ.</summary>
public sealed class SkewTests(LocalCluster cluster, ITestOutputHelper output) : IClassFixture<LocalCluster>
{
    private const int OffSeconds = 90;

    [Fact]
    public async Task A_node_with_a_wrong_clock_is_told_of_everywhere_and_its_tenants_stay_up()
    {
        var token = await NotesTenant.CreateAsync(cluster, "tomorrow");
        using var load = new ClusterLoad(cluster, "tomorrow", token);
        await cluster.RestartAsync("node2", environment: FakeTime.Environment(OffSeconds));

        // The node's tenants work by a clock that is wrong, and go on when they leave it.
        await MoveAsync("tomorrow", "node2");
        await load.WritesAsync(10);
        await Eventually.TrueAsync("the reason in health", async () => (await ReasonsAsync()).Any(reason => reason.Contains(
            "node node2: its clock differs from this process's by", StringComparison.Ordinal)));
        var node = (await cluster.AdminAsync("GET", "api/cp/nodes/node2")).Body;
        Assert.InRange(node.GetProperty("clockSkewSeconds").GetDouble(), OffSeconds - 10, OffSeconds + 10);
        Assert.Equal("healthy", node.GetProperty("status").GetString());
        await Eventually.TrueAsync("the metric", async () => await SkewMetricAsync() is > OffSeconds - 10 and < OffSeconds + 10);
        await Eventually.TrueAsync("the warning", () =>
            cluster.LogOf("cp1").Contains("The clock of node node2 differs from this process's", StringComparison.Ordinal));
        await MoveAsync("tomorrow", "node1");
        await load.WritesAsync(10);
        await load.StopAsync();
        Assert.Empty(load.Failures);
        await load.RequireAllAsync();
        output.WriteLine($"{load.Acknowledged} writes, the longest request took {load.Longest.TotalMilliseconds:0} ms");

        await cluster.RestartAsync("node2");
        await Eventually.TrueAsync("no reason any more", async () => !(await ReasonsAsync()).Any(reason => reason.Contains(
            "its clock differs", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Releases_that_are_one_apart_work_together_and_one_that_is_two_apart_is_refused()
    {
        using var folder = new TempFolder();
        var next = OtherRelease.Install(folder["next"], protocol: 2);
        var token = await NotesTenant.CreateAsync(cluster, "mixed");
        using (var load = new ClusterLoad(cluster, "mixed", token))
        {
            // One of each mode: every way between processes now leads from one release to the other, both ways.
            foreach (var process in (string[])["cp1", "node1", "node2"]) await cluster.RestartAsync(process, next);
            Assert.Equal(
                [("cp1", 2), ("cp2", 1), ("gw1", 1), ("gw2", 1), ("node1", 2), ("node2", 2), ("node3", 1)], await ProtocolsAsync());
            foreach (var node in (string[])["node1", "node3", "node2", "node3"])
            {
                await MoveAsync("mixed", node);
                await load.WritesAsync(5);
            }

            await load.StopAsync();
            Assert.Empty(load.Failures);
            await load.RequireAllAsync();
        }

        var far = OtherRelease.Install(folder["far"], protocol: 3);
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => cluster.RestartAsync("gw1", far));
        Assert.Contains(
            "speaks protocol 1 of the cluster, this process 3: running releases may be one apart", refused.Message,
            StringComparison.Ordinal);
        await cluster.RestartAsync("gw1", next);

        await cluster.KillAsync("node3");
        await Eventually.TrueAsync("a write at a node of the other release", async () => (await cluster.ClientAsync(
            "mixed", "POST", "api/collections/notes/records", new { text = "moved on" }, token)).Status == 200);
        var leader = (await cluster.AdminAsync("GET", "api/cp/health")).Body.GetProperty("leader").GetString()!;
        await cluster.KillAsync(leader);
        var other = leader == "cp1" ? "cp2" : "cp1";
        await ClusterTenant.CreateAsync(cluster, "mixed-later", other);
        await ClusterTenant.LoginAsync(cluster, "mixed-later");
        await cluster.RestartAsync("node3");
        await cluster.RestartAsync(leader);
    }

    private async Task MoveAsync(string tenant, string node)
    {
        if (await cluster.OwnerOfAsync(tenant) == node) return;
        var (status, answer) = await cluster.AdminAsync("POST", $"api/cp/tenants/{tenant}/migrate", new { node });
        Assert.True(status == 200, answer.ToString());
    }

    private async Task<List<string>> ReasonsAsync() =>
        [.. (await cluster.AdminAsync("GET", "api/cp/health")).Body.GetProperty("reasons").EnumerateArray()
            .Select(reason => reason.GetString()!)];

    private async Task<List<(string, int)>> ProtocolsAsync() =>
        [.. (await cluster.AdminAsync("GET", "api/cp/nodes")).Body.GetProperty("items").EnumerateArray()
            .Select(node => (node.GetProperty("id").GetString()!, node.GetProperty("protocol").GetInt32()))];

    private async Task<double> SkewMetricAsync()
    {
        using var http = LoopbackHttp.Create(cluster.Processes["cp1"].Internal);
        var metrics = await http.GetStringAsync(new Uri("metrics", UriKind.Relative));
        var line = Regex.Match(metrics, "(?m)^platform_cluster_clock_skew_seconds(?:{.*})? (.+)$");
        return line.Success ? double.Parse(line.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
    }
}
