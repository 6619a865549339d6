using Platform.EndToEnd.Tests.Pbm;
using Platform.EndToEnd.Tests.Recovery;
using Platform.Testing;

namespace Platform.EndToEnd.Tests.Cluster;

/// <summary>What operators do with a tenant's data, asked of a control plane and done by the tenant's node.</summary>
public sealed class TenantOperationsTests(LocalCluster cluster) : IClassFixture<LocalCluster>
{
    private PbmClient Pbm => new(cluster.Processes["cp2"].Public, cluster.AdminToken);

    [Fact]
    public async Task A_tenant_goes_back_and_forth_by_pbm_at_a_control_plane()
    {
        var token = await CreateAsync("returns");
        await NameAsync("returns", "first", token);
        var first = (await Pbm.SucceedAsync("--json", "tenant", "history", "returns", "--per-page", "1"))
            .Json().GetProperty("items")[0].GetProperty("txid").GetString()!;
        await NameAsync("returns", "second", token);

        var went = await Pbm.SucceedAsync("--json", "tenant", "restore", "returns", "--txid", first, "--yes");
        Assert.Equal(first, went.Json().GetProperty("restored").GetProperty("txid").GetString());
        Assert.Equal("first", await NameOfAsync("returns", token));
        var undo = went.Json().GetProperty("undo").GetString()!;
        await Pbm.SucceedAsync("tenant", "restore", "returns", "--txid", undo, "--yes");
        Assert.Equal("second", await NameOfAsync("returns", token));

        await Pbm.SucceedAsync("tenant", "restore", "returns", "--txid", first, "--into", "returned");
        Assert.Equal("first", await NameOfAsync("returned", await LoginAsync("returned")));
        await Pbm.SucceedAsync("tenant", "clone", "returns", "twin");
        Assert.Equal("second", await NameOfAsync("twin", await LoginAsync("twin")));
    }

    [Fact]
    public async Task Backups_and_exports_stream_through_a_control_plane_and_come_in_again()
    {
        using var folder = new TempFolder();
        var token = await CreateAsync("packed");
        await NameAsync("packed", "in the box", token);

        await Pbm.SucceedAsync("tenant", "backup", "packed", "create", "monday");
        Assert.Contains("monday.zip", (await Pbm.SucceedAsync("tenant", "backup", "packed", "list")).Output, StringComparison.Ordinal);
        await Pbm.SucceedAsync("tenant", "backup", "packed", "download", "monday", "--output", folder["monday.zip"]);
        Assert.True(new FileInfo(folder["monday.zip"]).Length > 1000);
        await Pbm.SucceedAsync("tenant", "backup", "packed", "delete", "monday", "--yes");
        Assert.Equal(404, (await cluster.AdminAsync("GET", "api/cp/tenants/packed/backups/monday")).Status);

        await Pbm.SucceedAsync("tenant", "export", "packed", "--output", folder["out.zip"]);
        await Pbm.SucceedAsync("tenant", "import", "unpacked", folder["out.zip"]);
        Assert.Equal("in the box", await NameOfAsync("unpacked", await LoginAsync("unpacked")));
        var twice = await Pbm.RunAsync("tenant", "import", "unpacked", folder["out.zip"]);
        Assert.Equal(1, twice.ExitCode);
        Assert.Contains("has data already", twice.Error, StringComparison.Ordinal);
        await Pbm.SucceedAsync("tenant", "import", "unpacked", folder["out.zip"], "--replace", "--yes");
    }

    [Fact]
    public async Task A_deleted_tenant_is_copied_though_nobody_owns_it()
    {
        var token = await CreateAsync("gone");
        await NameAsync("gone", "not forgotten", token);
        await Pbm.SucceedAsync("tenant", "delete", "gone", "--yes");

        await Pbm.SucceedAsync("tenant", "clone", "gone", "back-again");
        Assert.Equal("not forgotten", await NameOfAsync("back-again", await LoginAsync("back-again")));
    }

    [Theory]
    [InlineData("GET", "nobody/history", 404, "There is no tenant 'nobody'")]
    [InlineData("GET", "UPPER/export", 404, "There is no tenant 'UPPER'")]
    [InlineData("GET", "refused/history?page=0", 400, "")]
    [InlineData("POST", "refused/rewind", 400, "")]
    [InlineData("POST", "refused/clone", 400, "")]
    [InlineData("PUT", "refused/history", 405, "PUT is not possible here")]
    [InlineData("POST", "UPPER/import", 400, "")]
    [InlineData("POST", "refused/import?replaces=true", 400, "")]
    [InlineData("GET", "refused/backups/none", 404, "There is no backup 'none'")]
    public async Task What_is_wrong_is_refused_as_the_owner_refuses_it(string method, string path, int status, string message)
    {
        await cluster.AdminAsync("POST", "api/cp/tenants", new { id = "refused" });
        var refused = await cluster.AdminAsync(method, $"api/cp/tenants/{path}");
        Assert.True(status == refused.Status, $"{refused}");
        Assert.Contains(message, refused.Body.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(status, refused.Body.GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task A_node_does_not_take_an_operation_from_somebody_without_the_cluster_s_secret()
    {
        var token = await CreateAsync("guarded");
        var answer = await cluster.TenantAsync(
            cluster.Nodes.First(), "guarded", "GET", "api/cp/tenants/guarded/history", token: token, secret: new('x', 40));
        Assert.Equal(403, answer.Status);
    }

    private async Task<string> CreateAsync(string tenant)
    {
        await ClusterTenant.CreateAsync(cluster, tenant);
        return await LoginAsync(tenant);
    }

    private Task<string> LoginAsync(string tenant) => ClusterTenant.LoginAsync(cluster, tenant);

    private Task NameAsync(string tenant, string name, string token) =>
        ClusterTenant.NameAsync(cluster, tenant, name, token);

    private Task<string?> NameOfAsync(string tenant, string token) => ClusterTenant.NameOfAsync(cluster, tenant, token);
}
