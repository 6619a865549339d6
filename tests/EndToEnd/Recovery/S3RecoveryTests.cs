using System.Net;
using Platform.EndToEnd.Tests.Durability;
using Platform.EndToEnd.Tests.Support;

namespace Platform.EndToEnd.Tests.Recovery;

[Collection(S3Collection.Name)]
public sealed class S3RecoveryTests(S3Fixture s3)
{
    [Fact]
    public async Task An_operator_takes_a_tenant_back_copies_it_and_backs_it_up()
    {
        await using var platform = await s3.StartPlatformAsync();
        using var tenant = await platform.CreateTenantAsync("tour");
        await tenant.CreateOpenCollectionAsync("posts", new { name = "text", type = "text" });
        var tour = new RecoveryTour(platform, "tour");
        await tour.WriteAsync(tenant, posts: 6);
        await tour.GoBackAndForthAsync();
        await tour.CopyAsync();
        await tour.BackUpAsync();
        await tour.LoseTheNodeAsync();
    }

    [Fact]
    public async Task Files_that_records_gave_up_come_back_with_the_past_its_copies_and_its_backups()
    {
        await using var platform = await s3.StartPlatformAsync();
        await new FileTour(platform).RunAsync();
    }

    [Fact]
    public async Task While_the_store_is_away_each_answer_says_when_to_try_again_and_nothing_changes()
    {
        await using var platform = await s3.StartPlatformAsync(("tenant-node.write-deadline", "2s"));
        using var tenant = await platform.CreateTenantAsync("away");
        await tenant.CreateOpenCollectionAsync("posts", new { name = "text", type = "text" });
        await tenant.CreateRecordAsync("posts", new { text = "before" });
        using var admin = platform.Operator();

        await s3.Server.KillAsync();
        foreach (var answer in new[]
        {
            await admin.GetAsync("api/cp/tenants/away/history"),
            await admin.PostAsync("api/cp/tenants/away/rewind", new { txid = "1" }),
            await admin.PostAsync("api/cp/tenants/away/clone", new { into = "twin" }),
            await admin.PostAsync("api/cp/tenants/away/backups", new { name = "now" }),
            await admin.GetAsync("api/cp/tenants/away/backups"),
        })
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
            Assert.NotNull(answer.RetryAfter);
        }

        await s3.Server.RestartAsync();
        Assert.Equal(1, await new RecoveryTour(platform, "away").CountAsync("away"));
        (await admin.GetAsync("api/cp/tenants/twin")).Expect(HttpStatusCode.NotFound);
        (await admin.PostAsync("api/cp/tenants/away/clone", new { into = "twin" })).Expect(HttpStatusCode.Created);
    }
}
