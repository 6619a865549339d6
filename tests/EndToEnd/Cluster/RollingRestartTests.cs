using System.Diagnostics;
using Xunit.Abstractions;

namespace Platform.EndToEnd.Tests.Cluster;

/// <summary>Every process is stopped as an operator or Kubernetes does it, and started again, while clients go on.</summary>
public sealed class RollingRestartTests(LocalCluster cluster, ITestOutputHelper output) : IClassFixture<LocalCluster>
{
    [Fact]
    public async Task Every_process_is_restarted_and_no_request_fails()
    {
        await using var gateways = BalancedGateways.Of(cluster);
        var tenants = new List<(string Name, ClusterLoad Load)>();
        foreach (var name in (string[])["rolling-a", "rolling-b", "rolling-c"])
            tenants.Add((name, new ClusterLoad(
                cluster, name, await NotesTenant.CreateAsync(cluster, name), writers: 2, gateways)));
        foreach (var (_, load) in tenants) await load.WritesAsync(20);

        foreach (var process in (string[])["node1", "node2", "node3", "cp1", "cp2", "gw1", "gw2"])
        {
            var started = Stopwatch.GetTimestamp();
            await cluster.RestartAsync(process);
            output.WriteLine($"{process}: {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
            foreach (var (_, load) in tenants) await load.WritesAsync(10);
        }

        foreach (var (name, load) in tenants)
        {
            await load.StopAsync();
            output.WriteLine($"{name}: {load.Acknowledged} writes, longest request {load.Longest.TotalMilliseconds:0} ms");
            Assert.Empty(load.Failures);
            await load.RequireAllAsync();
            load.Dispose();
        }

        output.WriteLine($"answered by {string.Join(", ", gateways.Answered)}; {gateways.Refused} connections refused");
        Assert.All(gateways.Answered.Values, answered => Assert.True(answered > 20));

        // Who stops in good order says so: closed listeners were no evidence of death.
        Assert.Equal(0, await cluster.DeathsAsync());
    }

    [Fact]
    public async Task A_node_that_stops_has_handed_its_tenants_over_before_it_ends()
    {
        await NotesTenant.CreateAsync(cluster, "handed");
        var owner = (await cluster.OwnerOfAsync("handed"))!;
        await cluster.RestartAsync(owner);

        Assert.NotEqual(owner, await cluster.OwnerOfAsync("handed"));
        Assert.Contains("is empty", cluster.LogOf(owner), StringComparison.Ordinal);
        Assert.Equal("healthy", await cluster.NodeStatusAsync(owner));
        Assert.False((await cluster.AdminAsync("GET", $"api/cp/nodes/{owner}")).Body.GetProperty("draining").GetBoolean());
    }

    [Fact]
    public async Task The_drain_of_the_last_node_is_refused_in_words()
    {
        foreach (var node in (string[])["node1", "node2"])
            Assert.Equal(200, (await cluster.AdminAsync("POST", $"api/cp/nodes/{node}/cordon")).Status);
        var (status, answer) = await cluster.AdminAsync("POST", "api/cp/nodes/node3/drain");
        Assert.Equal(409, status);
        Assert.Contains("the last that can take tenants", answer.GetProperty("message").GetString(), StringComparison.Ordinal);
        foreach (var node in (string[])["node1", "node2"])
            Assert.Equal(200, (await cluster.AdminAsync("POST", $"api/cp/nodes/{node}/uncordon")).Status);
    }
}
