using Platform.Testing;
using Xunit.Abstractions;

namespace Platform.EndToEnd.Tests.Cluster;

/// <summary>What clients see of a cluster, through its gateway, while nodes come and go.</summary>
public sealed class GatewayTests(LocalCluster cluster, ITestOutputHelper output) : IClassFixture<LocalCluster>
{
    [Fact]
    public async Task A_client_reaches_its_tenant_by_host_name_wherever_it_runs()
    {
        var token = await NotesTenant.CreateAsync(cluster, "acme");

        Assert.Equal(200, (await cluster.ClientAsync("acme", "GET", "api/health")).Status);
        Assert.Equal(200, (await cluster.ClientAsync("acme", "GET", "api/settings", token: token)).Status);
        Assert.Equal(404, (await cluster.ClientAsync("nobody", "GET", "api/health")).Status);
    }

    [Fact]
    public async Task The_gateway_shows_no_admin_api_of_a_tenant_s_host_and_no_other_way_to_a_tenant()
    {
        await NotesTenant.CreateAsync(cluster, "walled");

        Assert.Equal(404, (await cluster.ClientAsync("walled", "GET", "api/cp/tenants")).Status);
        var owner = await OwnerOf("walled");
        var other = cluster.Nodes.First(node => node != owner);
        Assert.Equal(421, (await cluster.TenantAsync(other, "walled", "GET", "api/health")).Status);
    }

    [Fact]
    public async Task Clients_of_a_drained_node_see_no_failure_at_all()
    {
        var token = await NotesTenant.CreateAsync(cluster, "drained");
        var owner = await OwnerOf("drained");
        using var load = new ClusterLoad(cluster, "drained", token);
        await load.WritesAsync(20);

        Assert.Equal(200, (await cluster.AdminAsync("POST", $"api/cp/nodes/{owner}/drain")).Status);
        await Eventually.TrueAsync("the tenant has moved", async () => await OwnerOf("drained") != owner);
        await load.WritesAsync(20);
        await load.StopAsync();

        Assert.Empty(load.Failures);
        await load.RequireAllAsync();
        output.WriteLine($"{load.Acknowledged} writes; the longest request took {load.Longest.TotalMilliseconds:0} ms.");
        await cluster.AdminAsync("POST", $"api/cp/nodes/{owner}/uncordon");
    }

    [Fact]
    public async Task When_a_node_is_killed_reads_are_held_and_no_acknowledged_write_is_lost()
    {
        var token = await NotesTenant.CreateAsync(cluster, "killed");
        var owner = await OwnerOf("killed");
        using var load = new ClusterLoad(cluster, "killed", token);
        await load.WritesAsync(20);

        await cluster.KillAsync(owner);
        await Eventually.TrueAsync("the tenant has another owner", async () => await OwnerOf("killed") != owner);
        await load.WritesAsync(20);
        await load.StopAsync();

        // A write that was under way may be told to have failed; a read never.
        Assert.DoesNotContain(load.Failures, failure => failure.StartsWith("GET", StringComparison.Ordinal));
        await load.RequireAllAsync();
        output.WriteLine($"{load.Acknowledged} writes; the longest request took {load.Longest.TotalMilliseconds:0} ms.");
        await cluster.RestartAsync(owner);
    }

    private async Task<string> OwnerOf(string tenant) => (await cluster.OwnerOfAsync(tenant))!;
}
