using Platform.EndToEnd.Tests.Replica;
using Platform.EndToEnd.Tests.Support;
using Platform.Testing.Processes;

namespace Platform.EndToEnd.Tests.Recovery;

public sealed class FolderRecoveryTests
{
    [Fact]
    [Trait("needs", "npm")]
    public async Task An_operator_takes_a_tenant_back_copies_it_and_backs_it_up()
    {
        await using var platform = await PlatformProcess.StartAsync();
        using var tenant = await platform.CreateTenantAsync("tour");
        await tenant.CreateOpenCollectionAsync("posts", new { name = "text", type = "text" });
        var tour = new RecoveryTour(platform, "tour");
        await tour.WriteAsync(tenant, posts: 12);
        await tour.GoBackAndForthAsync();
        await tour.CopyAsync();
        await tour.BackUpAsync();
        await tour.LoseTheNodeAsync();

        var posts = await tour.CountAsync("tour");
        await platform.StopAsync();
        await StockLitestream.AssertReadsAsync(
            ["--file", Path.Combine(platform.ObjectsFolder, "tenants/tour/data.db")],
            ("select count(*) from posts", $"{posts}"));
    }

    [Fact]
    public async Task Files_that_records_gave_up_come_back_with_the_past_its_copies_and_its_backups()
    {
        await using var platform = await PlatformProcess.StartAsync();
        await new FileTour(platform).RunAsync();
    }

    [Fact]
    public async Task A_clone_of_a_tenant_in_local_durability_has_what_was_acknowledged_just_now()
    {
        await using var platform = await PlatformProcess.StartAsync();
        using var tenant = await platform.CreateTenantAsync("quick", "local");
        await tenant.CreateOpenCollectionAsync("posts", new { name = "text", type = "text" });
        var tour = new RecoveryTour(platform, "quick");
        for (var clone = 1; clone <= 3; clone++)
        {
            await tenant.CreateRecordAsync("posts", new { text = "just now" });
            await new PbmClient(platform).SucceedAsync("tenant", "clone", "quick", $"quick-{clone}");
            Assert.Equal(clone, await tour.CountAsync($"quick-{clone}"));
        }
    }
}
