using Platform.EndToEnd.Tests.Pbm;
using Platform.EndToEnd.Tests.Recovery;
using Platform.Testing;

namespace Platform.EndToEnd.Tests.Cluster;

/// <summary>Snapshots of the control plane, and a cluster whose etcd is gone with all that it held.</summary>
public sealed class LostEtcdTests(LocalCluster cluster) : IClassFixture<LocalCluster>
{
    private PbmClient Pbm => new(cluster.Processes["cp1"].Public, cluster.AdminToken);

    [Fact]
    public async Task Everything_answers_again_and_a_zombie_of_before_stays_fenced()
    {
        foreach (var tenant in (string[])["kept", "haunted", "idle"]) await ClusterTenant.CreateAsync(cluster, tenant);
        var token = await LoginAsync("kept");
        await NameAsync("kept", "before", token);
        await NameAsync("haunted", "before", await LoginAsync("haunted"));
        var zombie = await cluster.OwnerOfAsync("haunted");
        Assert.Equal(200, (await cluster.AdminAsync("POST", "api/cp/nodes/node3/cordon")).Status);
        var saved = (await Pbm.SucceedAsync("--json", "snapshot", "save")).Json();
        Assert.True(saved.GetProperty("entries").GetInt32() > 5);
        Assert.Contains(
            saved.GetProperty("name").GetString()!, (await Pbm.SucceedAsync("snapshot", "list")).Output, StringComparison.Ordinal);

        // What is acknowledged after the snapshot must come back as well.
        await ClusterTenant.CreateAsync(cluster, "late");
        await NameAsync("late", "after the snapshot", await LoginAsync("late"));
        var late = await LoginAsync("haunted");

        foreach (var process in cluster.Processes.Keys.Where(name => name != zombie)) await cluster.KillAsync(process);
        await cluster.PauseAsync(zombie!);
        await cluster.LoseEtcdAsync();
        foreach (var process in cluster.Processes.Keys.Where(name => name != zombie)) await cluster.RestartAsync(process);

        Assert.Equal("before", await NameOfAsync("kept"));
        Assert.Equal("before", await NameOfAsync("haunted"));
        Assert.Equal("after the snapshot", await NameOfAsync("late"));
        Assert.Equal(200, (await cluster.ClientAsync("idle", "GET", "api/health")).Status);
        Assert.True((await cluster.AdminAsync("GET", "api/cp/nodes/node3")).Body.GetProperty("cordoned").GetBoolean());
        await NameAsync("haunted", "by the new owner", await LoginAsync("haunted"));

        await cluster.ResumeAsync(zombie!);
        var refused = await cluster.TenantAsync(
            zombie!, "haunted", "PATCH", "api/settings", new { meta = new { appName = "of the dead" } }, late);
        Assert.NotEqual(200, refused.Status);
        await cluster.RestartAsync(zombie!);
        Assert.Equal("by the new owner", await NameOfAsync("haunted"));
        await NameAsync("kept", "and on", await LoginAsync("kept"));
    }

    [Fact]
    public async Task A_snapshot_is_restored_into_a_running_cluster_only_when_that_is_forced()
    {
        Assert.Equal(201, (await cluster.AdminAsync("POST", "api/cp/tenants", new { id = "wrong", metadata = new { plan = "right" } })).Status);
        var name = (await Pbm.SucceedAsync("--json", "snapshot", "save")).Json().GetProperty("name").GetString()!;
        Assert.Equal(200, (await cluster.AdminAsync("PUT", "api/cp/tenants/wrong", new { metadata = new { plan = "wrong" } })).Status);
        Assert.Equal(201, (await cluster.AdminAsync("POST", "api/cp/tenants", new { id = "since" })).Status);

        var refused = await Pbm.RunAsync("snapshot", "restore", name, "--yes");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("force", refused.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await Pbm.RunAsync("snapshot", "restore", name, "--force")).ExitCode);
        Assert.Equal(1, (await Pbm.RunAsync("snapshot", "restore", "20200101T000000.000Z", "--yes")).ExitCode);
        await Pbm.SucceedAsync("snapshot", "restore", name, "--force", "--yes");

        await Eventually.TrueAsync("the label is back", async () => (await cluster.AdminAsync("GET", "api/cp/tenants/wrong"))
            .Body.GetProperty("metadata").GetProperty("plan").GetString() == "right");
        Assert.Equal(200, (await cluster.AdminAsync("GET", "api/cp/tenants/since")).Status);
        Assert.Contains(
            "snapshot.restored", (await Pbm.SucceedAsync("cluster", "events", "--kind", "snapshot")).Output, StringComparison.Ordinal);
    }

    private Task<string> LoginAsync(string tenant) => ClusterTenant.LoginAsync(cluster, tenant);

    private Task NameAsync(string tenant, string name, string token) =>
        ClusterTenant.NameAsync(cluster, tenant, name, token);

    private async Task<string?> NameOfAsync(string tenant) =>
        await ClusterTenant.NameOfAsync(cluster, tenant, await LoginAsync(tenant));
}
