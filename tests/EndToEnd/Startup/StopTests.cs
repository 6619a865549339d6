using System.Net;
using System.Runtime.Versioning;
using Platform.EndToEnd.Tests.Durability;
using Platform.EndToEnd.Tests.Support;
using Platform.Testing;
using Platform.Testing.Processes;

namespace Platform.EndToEnd.Tests.Startup;

/// <summary>Start and stop as an operator sees them.</summary>
[SupportedOSPlatform("linux")]
public sealed class StopTests
{
    [Fact]
    public async Task The_banner_says_where_everything_is()
    {
        await using var platform = await PlatformProcess.StartAsync();
        var banner = platform.Output;
        Assert.Contains($"{platform.Url}api/cp/tenants", banner, StringComparison.Ordinal);
        Assert.Contains($"{platform.Url}ready", banner, StringComparison.Ordinal);
        Assert.Contains(platform.DataFolder, banner, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(platform.DataFolder, "admin-token"), banner, StringComparison.Ordinal);
        Assert.DoesNotContain(platform.AdminToken, banner, StringComparison.Ordinal);
        var mode = File.GetUnixFileMode(Path.Combine(platform.DataFolder, "admin-token"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, mode);
        Assert.Equal(0, await platform.StopAsync());
    }

    [Fact]
    public async Task A_stop_under_load_finishes_every_request_and_keeps_every_write()
    {
        await using var platform = await PlatformProcess.StartAsync();
        using (var tenant = await platform.CreateTenantAsync("stopping"))
            await tenant.CreateOpenCollectionAsync("writes", new { name = "key", type = "text" }, new { name = "filler", type = "text" });
        var load = new WriteLoad(platform, "stopping", "writes", connections: 8);
        load.Start(round: 1);
        await Eventually.TrueAsync("writes", () => load.Acknowledged.Count > 100);
        Assert.Equal(0, await platform.StopAsync());
        await load.StopAsync();
        Assert.All(load.Refused, answer => Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status));
        Assert.Contains("Stopped.", platform.Output, StringComparison.Ordinal);

        platform.DeleteCache();
        await platform.StartAgainAsync();
        var stored = await StoredKeys.ReadAsync(platform, "stopping", "writes");
        Assert.DoesNotContain(load.Acknowledged, key => !stored.Contains(key));
    }

    [Fact]
    public async Task Probes_metrics_and_members_answer()
    {
        await using var platform = await PlatformProcess.StartAsync();
        using var client = new ApiClient(platform.Url);
        (await client.GetAsync("alive")).Expect(HttpStatusCode.OK);
        (await client.GetAsync("ready")).Expect(HttpStatusCode.OK);
        var members = (await client.GetAsync("cluster/members")).Expect(HttpStatusCode.OK).Json;
        Assert.Equal("Up", members.GetProperty("members")[0].GetProperty("status").GetString());
        using (var tenant = await platform.CreateTenantAsync("measured"))
            await tenant.CreateOpenCollectionAsync("rows", new { name = "key", type = "text" });
        var metrics = (await client.GetAsync("metrics")).Expect(HttpStatusCode.OK).Text;
        Assert.Matches(@"(?m)^platform_gateway_requests_total\{[^}]*outcome=""forwarded""[^}]*\} [1-9]", metrics);
        Assert.DoesNotContain("measured", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fresh_start_makes_the_default_folder_where_it_is_run()
    {
        await using var platform = await PlatformProcess.StartAsync();
        await platform.StopAsync();
        Assert.True(File.Exists(Path.Combine(platform.DataFolder, "cluster.db")));
        Assert.True(Directory.Exists(Path.Combine(platform.DataFolder, "cache")));
    }
}
