using System.Diagnostics;
using Platform.Testing;
using Xunit.Abstractions;

namespace Platform.EndToEnd.Tests.Cluster;

/// <summary>Control planes and nodes as processes, with a real etcd between them.</summary>
public sealed class LocalClusterTests(LocalCluster cluster, ITestOutputHelper output) : IClassFixture<LocalCluster>
{
    [Fact]
    public async Task A_tenant_is_made_by_any_control_plane_and_served_by_its_owner_only()
    {
        var owner = await CreateAsync("acme", process: "cp2");
        var other = cluster.Nodes.First(node => node != owner);
        Assert.Equal(200, (await cluster.TenantAsync(owner, "acme", "GET", "api/health")).Status);
        Assert.Equal(421, (await cluster.TenantAsync(other, "acme", "GET", "api/health")).Status);
        Assert.Equal(403, (await cluster.TenantAsync(owner, "acme", "GET", "api/health", secret: new('x', 40))).Status);
        Assert.Equal(owner, await cluster.AssignAsync("acme"));
        Assert.Null(await cluster.AssignAsync("nobody"));
    }

    [Fact]
    public async Task The_nodes_are_listed_with_what_they_measure()
    {
        var (status, page) = await cluster.AdminAsync("GET", "api/cp/nodes");
        Assert.Equal(200, status);
        var nodes = page.GetProperty("items").EnumerateArray().ToDictionary(node => node.GetProperty("id").GetString()!);
        Assert.Equal(["cp1", "cp2", "gw1", "gw2", "node1", "node2", "node3"], nodes.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("b", nodes["node2"].GetProperty("zone").GetString());
        Assert.True(nodes["node2"].GetProperty("memoryBytes").GetInt64() > 10_000_000);
        Assert.Equal(404, (await cluster.AdminAsync("GET", "api/cp/nodes/nobody")).Status);
    }

    [Fact]
    public async Task Tenants_of_a_node_that_was_killed_answer_elsewhere_with_all_that_was_acknowledged()
    {
        var owner = await CreateAsync("phoenix");
        var token = await LoginAsync(owner, "phoenix");
        Assert.Equal(200, (await cluster.TenantAsync(owner, "phoenix", "PATCH", "api/settings",
            new { meta = new { appName = "before the fall" } }, token)).Status);

        // The heartbeat tells which tenants are open, so that they are opened elsewhere before anybody asks.
        await WaitAsync(async () =>
            (await cluster.AdminAsync("GET", $"api/cp/nodes/{owner}")).Body.GetProperty("tenantsActive").GetInt32() > 0);
        var started = Stopwatch.GetTimestamp();
        await cluster.KillAsync(owner);
        string? next = null;
        await WaitAsync(async () => (next = await cluster.OwnerOfAsync("phoenix")) != owner);
        await WaitAsync(async () =>
            (await cluster.TenantAsync(next!, "phoenix", "GET", "api/health")).Status == 200);
        output.WriteLine($"Answered again after {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms.");
        var settings = await cluster.TenantAsync(next!, "phoenix", "GET", "api/settings", token: await LoginAsync(next!, "phoenix"));
        Assert.Equal("before the fall", settings.Body.GetProperty("meta").GetProperty("appName").GetString());
        Assert.Equal("down", await cluster.NodeStatusAsync(owner));
        Assert.Equal(1, await cluster.DeathsAsync(owner));
        await cluster.RestartAsync(owner);
        await WaitAsync(async () => await cluster.NodeStatusAsync(owner) == "healthy");
        Assert.Equal(421, (await cluster.TenantAsync(owner, "phoenix", "GET", "api/health")).Status);
    }

    [Fact]
    public async Task A_node_that_was_frozen_beyond_its_lease_answers_nothing_afterwards()
    {
        var owner = await CreateAsync("zombie");
        var token = await LoginAsync(owner, "zombie");
        var deaths = await cluster.DeathsAsync(owner);
        await cluster.PauseAsync(owner);
        string? next = null;
        await WaitAsync(async () => (next = await cluster.OwnerOfAsync("zombie")) != owner);
        await WaitAsync(async () =>
            (await cluster.TenantAsync(next!, "zombie", "GET", "api/health")).Status == 200);

        // Silence is no evidence of death: the lease decided.
        Assert.Equal(deaths, await cluster.DeathsAsync(owner));
        await cluster.ResumeAsync(owner);
        var late = await cluster.TenantAsync(
            owner, "zombie", "PATCH", "api/settings", new { meta = new { appName = "of the dead" } }, token);
        Assert.Equal(421, late.Status);
        await WaitAsync(async () => await cluster.NodeStatusAsync(owner) == "healthy");
        Assert.Equal(421, (await cluster.TenantAsync(owner, "zombie", "GET", "api/health")).Status);
    }

    [Fact]
    public async Task A_drained_node_hands_over_its_tenants_and_gets_no_more()
    {
        var owner = await CreateAsync("mover");
        var token = await LoginAsync(owner, "mover");
        Assert.Equal(200, (await cluster.AdminAsync("POST", $"api/cp/nodes/{owner}/drain")).Status);
        string? next = null;
        await WaitAsync(async () => (next = await cluster.OwnerOfAsync("mover")) != owner);
        await WaitAsync(async () =>
            (await cluster.TenantAsync(next!, "mover", "GET", "api/health")).Status == 200);
        Assert.Equal(200, (await cluster.TenantAsync(next!, "mover", "GET", "api/settings", token: token)).Status);
        Assert.Equal(421, (await cluster.TenantAsync(owner, "mover", "GET", "api/health")).Status);
        var node = (await cluster.AdminAsync("GET", $"api/cp/nodes/{owner}")).Body;
        Assert.True(node.GetProperty("draining").GetBoolean());
        Assert.Equal(200, (await cluster.AdminAsync("POST", $"api/cp/nodes/{owner}/uncordon")).Status);
        await WaitAsync(async () => !(await cluster.AdminAsync("GET", $"api/cp/nodes/{owner}")).Body
            .GetProperty("cordoned").GetBoolean());
    }

    [Fact]
    public async Task Another_control_plane_takes_the_office_when_the_coordinator_is_killed()
    {
        var leader = (await cluster.AdminAsync("GET", "api/cp/health")).Body.GetProperty("leader").GetString()!;
        var other = leader == "cp1" ? "cp2" : "cp1";
        var started = Stopwatch.GetTimestamp();
        await cluster.KillAsync(leader);
        await WaitAsync(async () =>
            (await cluster.AdminAsync("GET", "api/cp/health", process: other)).Body.GetProperty("leader").GetString() == other);
        output.WriteLine($"A new coordinator after {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms.");
        await WaitAsync(async () => await cluster.DeathsAsync(leader, other) > 0);
        await cluster.RestartAsync(leader);
        Assert.NotNull(await CreateAsync("under-the-new-one"));
    }

    private static Task WaitAsync(Func<Task<bool>> condition) =>
        Eventually.TrueAsync("the cluster does what it should", condition);

    private async Task<string> CreateAsync(string tenant, string process = "cp1") =>
        (await ClusterTenant.CreateAsync(cluster, tenant, process)).GetProperty("node").GetString()!;

    private async Task<string> LoginAsync(string node, string tenant)
    {
        var (status, body) = await cluster.TenantAsync(
            node, tenant, "POST", "api/collections/_superusers/auth-with-password",
            new { identity = ClusterTenant.Email, password = ClusterTenant.Password });
        Assert.True(status == 200, $"{status}: {body}");
        return body.GetProperty("token").GetString()!;
    }
}
