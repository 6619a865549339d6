using Platform.Testing;
using Xunit.Abstractions;

namespace Platform.EndToEnd.Tests.Cluster;

/// <summary>Tenants that are moved while clients write and read them.</summary>
public sealed class MigrationTests(LocalCluster cluster, ITestOutputHelper output) : IClassFixture<LocalCluster>
{
    [Fact]
    public async Task A_tenant_is_moved_from_node_to_node_and_no_request_fails()
    {
        var token = await NotesTenant.CreateAsync(cluster, "traveller");
        using var load = new ClusterLoad(cluster, "traveller", token, writers: 4);
        await load.WritesAsync(20);

        for (var round = 0; round < 6; round++)
        {
            var owner = (await cluster.OwnerOfAsync("traveller"))!;
            var target = cluster.Nodes.First(node => node != owner);
            // Any control plane is asked, the coordinator or not.
            var (status, answer) = await cluster.AdminAsync(
                "POST", "api/cp/tenants/traveller/migrate", new { node = target }, process: round % 2 == 0 ? "cp1" : "cp2");
            Assert.True(status == 200, answer.ToString());
            Assert.Equal((owner, target), (answer.GetProperty("from").GetString(), answer.GetProperty("to").GetString()));
            output.WriteLine(answer.ToString());
            var (_, location) = await cluster.AdminAsync("GET", "api/cp/tenants/traveller/location");
            Assert.Equal(target, location.GetProperty("node").GetString());
            Assert.Equal("active", location.GetProperty("state").GetString());
            await load.WritesAsync(20);
        }

        // What its owner says of it: by that it would be chosen to relieve a node.
        var last = (await cluster.OwnerOfAsync("traveller"))!;
        await Eventually.TrueAsync("its owner names it among its busiest", async () =>
        {
            var (_, node) = await cluster.AdminAsync("GET", $"api/cp/nodes/{last}");
            return node.GetProperty("busiest").EnumerateArray().Any(
                tenant => tenant.GetProperty("tenant").GetString() == "traveller" && tenant.GetProperty("cpuPercent").GetDouble() > 0);
        });
        await load.StopAsync();
        Assert.Empty(load.Failures);
        await load.RequireAllAsync();
        output.WriteLine($"{load.Acknowledged} writes; the longest request took {load.Longest.TotalMilliseconds:0} ms.");
    }

    [Fact]
    public async Task The_coordinator_may_be_killed_in_the_middle_of_moves()
    {
        var token = await NotesTenant.CreateAsync(cluster, "headless");
        using var load = new ClusterLoad(cluster, "headless", token, writers: 2);
        await load.WritesAsync(20);
        var leader = (await cluster.AdminAsync("GET", "api/cp/health")).Body.GetProperty("leader").GetString()!;
        var other = leader == "cp1" ? "cp2" : "cp1";
        var owner = (await cluster.OwnerOfAsync("headless"))!;
        var target = cluster.Nodes.First(node => node != owner);
        var moving = cluster.AdminAsync("POST", "api/cp/tenants/headless/migrate", new { node = target }, process: other);
        await cluster.KillAsync(leader);
        await moving;

        await Eventually.TrueAsync("it can be moved by the next coordinator", async () =>
        {
            var (status, _) = await cluster.AdminAsync("POST", "api/cp/tenants/headless/migrate", process: other);
            return status == 200;
        });
        await load.WritesAsync(20);
        await cluster.RestartAsync(leader);
        await load.StopAsync();
        Assert.Empty(load.Failures);
        await load.RequireAllAsync();
        output.WriteLine($"{load.Acknowledged} writes; the longest request took {load.Longest.TotalMilliseconds:0} ms.");
    }

    [Fact]
    public async Task Refusals_name_the_field_and_the_reason()
    {
        await NotesTenant.CreateAsync(cluster, "settled");
        var owner = await cluster.OwnerOfAsync("settled");
        foreach (var control in (string[])["cp1", "cp2"])
        {
            Assert.Equal((400, "validation_unknown_node"), await RefusalAsync(new { node = "nobody" }, control));
            Assert.Equal((400, "validation_no_tenant_node"), await RefusalAsync(new { node = "gw1" }, control));
            Assert.Equal((409, "validation_same_node"), await RefusalAsync(new { node = owner }, control));
            Assert.Equal((400, "validation_invalid_type"), await RefusalAsync(new { node = 7 }, control));
        }

        Assert.Equal(404, (await cluster.AdminAsync("POST", "api/cp/tenants/nobody/migrate")).Status);
        Assert.Equal(404, (await cluster.AdminAsync("GET", "api/cp/tenants/nobody/location")).Status);
        await cluster.AdminAsync("DELETE", "api/cp/tenants/settled");
        Assert.Equal(409, (await cluster.AdminAsync("POST", "api/cp/tenants/settled/migrate")).Status);
    }

    private async Task<(int Status, string? Code)> RefusalAsync(object body, string control)
    {
        var (status, answer) = await cluster.AdminAsync("POST", "api/cp/tenants/settled/migrate", body, process: control);
        return (status, answer.GetProperty("data").GetProperty("node").GetProperty("code").GetString());
    }
}
