using System.Net;
using Platform.EndToEnd.Tests.Support;
using Platform.Testing;
using Xunit.Abstractions;

namespace Platform.EndToEnd.Tests.Durability;

/// <summary>The same promise with a real S3 server, and what writers are told while it is away.</summary>
[Collection(S3Collection.Name)]
public sealed class S3DurabilityTests(S3Fixture s3, ITestOutputHelper output)
{
    [Fact]
    public async Task No_acknowledged_write_is_lost_by_kill_nine_and_loss_of_the_cache()
    {
        await using var platform = await s3.StartPlatformAsync();
        await new CrashRounds(platform, output).RunAsync(rounds: 5, connections: 6);
    }

    [Fact]
    public async Task An_outage_of_the_store_refuses_writes_with_a_time_to_try_again_and_is_made_good_after_it()
    {
        await using var platform = await s3.StartPlatformAsync(("tenant-node.write-deadline", "2s"));
        using var tenant = await platform.CreateTenantAsync("outage");
        await tenant.CreateOpenCollectionAsync("writes", new { name = "key", type = "text" });
        await tenant.CreateRecordAsync("writes", new { key = "before" });

        await s3.Server.KillAsync();
        var refused = await tenant.PostAsync("api/collections/writes/records", new { key = "during" });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
        Assert.NotNull(refused.RetryAfter);
        Assert.Equal(503, refused.Json.GetProperty("status").GetInt32());
        var read = await tenant.GetAsync("api/collections/writes/records?filter=key%3D'before'");
        Assert.Equal(1, read.Expect(HttpStatusCode.OK).Json.GetProperty("totalItems").GetInt32());

        await s3.Server.RestartAsync();
        await Eventually.TrueAsync("writes are accepted again", async () =>
            (await tenant.PostAsync("api/collections/writes/records", new { key = "after" })).Status == HttpStatusCode.OK);

        await platform.KillAsync();
        platform.DeleteCache();
        await platform.StartAgainAsync();
        var stored = await StoredKeys.ReadAsync(platform, "outage", "writes");
        Assert.Contains("before", stored);
        Assert.Contains("after", stored);
    }

    [Fact]
    public async Task A_load_of_writes_over_an_outage_loses_nothing_that_was_acknowledged()
    {
        await using var platform = await s3.StartPlatformAsync(("tenant-node.write-deadline", "1s"));
        using (var tenant = await platform.CreateTenantAsync("flaky"))
            await tenant.CreateOpenCollectionAsync("writes", new { name = "key", type = "text" }, new { name = "filler", type = "text" });
        var load = new WriteLoad(platform, "flaky", "writes", connections: 4);
        load.Start(round: 1);
        await Eventually.TrueAsync("writes", () => load.Acknowledged.Count > 20);
        await s3.Server.PauseAsync();
        await Eventually.TrueAsync("refusals while the store hangs", () => load.Refused.Count > 0);
        await s3.Server.ResumeAsync();
        var before = load.Acknowledged.Count;
        await Eventually.TrueAsync("writes after the outage", () => load.Acknowledged.Count > before + 20);
        await load.StopAsync();

        Assert.All(load.Refused, answer => Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status));
        Assert.All(load.Refused, answer => Assert.NotNull(answer.RetryAfter));
        await platform.KillAsync();
        platform.DeleteCache();
        await platform.StartAgainAsync();
        var stored = await StoredKeys.ReadAsync(platform, "flaky", "writes");
        Assert.DoesNotContain(load.Acknowledged, key => !stored.Contains(key));
    }
}
