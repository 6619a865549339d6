using Platform.TenantShard.Crons;
using Platform.TenantShard.Tests.Auth;
using Platform.TenantShard.Tests.Http;

namespace Platform.TenantShard.Tests.Crons;

public sealed class CronJobTests
{
    [Fact]
    public async Task Superusers_see_the_jobs_and_run_them()
    {
        await using var server = await ApiServer.StartAsync();
        var root = await server.SuperuserTokenAsync();

        var jobs = await server.SendAsync("GET", "/api/crons", token: root);

        Assert.Equal(
            """[{"id":"__pbDBOptimize__","expression":"0 0 * * *"},{"id":"__pbMFACleanup__","expression":"0 * * * *"},{"id":"__pbOTPCleanup__","expression":"0 * * * *"},{"id":"__pbLogsCleanup__","expression":"0 */6 * * *"}]""",
            jobs.Body);
        foreach (var job in jobs.Json.EnumerateArray())
        {
            var run = await server.SendAsync("POST", "/api/crons/" + job.GetProperty("id").GetString(), token: root);
            Assert.True(run.Status == 204, run.Body);
        }

        Assert.Equal(404, (await server.SendAsync("POST", "/api/crons/unknown", token: root)).Status);
        Assert.Equal(401, (await server.SendAsync("GET", "/api/crons")).Status);
        Assert.Equal(401, (await server.SendAsync("POST", "/api/crons/__pbLogsCleanup__")).Status);
        await server.SendAsync("PATCH", "/api/settings", """{"backups":{"cron":"@daily"}}""", root);
        Assert.Contains(
            """{"id":"__pbAutoBackup__","expression":"@daily"}""",
            (await server.SendAsync("GET", "/api/crons", token: root)).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RemoveExpiredFactors.Mfas, 1800)]
    [InlineData(RemoveExpiredFactors.Otps, 180)]
    public async Task Expired_factors_are_removed_and_others_stay(string table, int seconds)
    {
        var clock = new ManualClock();
        var shard = new TestShard(clock: clock);
        await using var server = await ApiServer.StartAsync(shard);
        var root = await server.SuperuserTokenAsync();
        clock.Advance(TimeSpan.FromHours(2));
        await InsertAsync(server, root, table, "old", clock.GetUtcNow().AddSeconds(-seconds - 1));
        await InsertAsync(server, root, table, "new", clock.GetUtcNow().AddSeconds(-seconds + 1));

        await RemoveExpiredFactors.RunAsync(shard, table, default);

        var left = await server.SendAsync("POST", "/api/sql", $$"""{"query":"SELECT id FROM {{table}}"}""", root);
        Assert.Equal("""[["new"]]""", left.Json.GetProperty("rows").GetRawText());
    }

    private static async Task InsertAsync(
        ApiServer server, string root, string table, string id, DateTimeOffset created)
    {
        var moment = created.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
        var answer = await server.SendAsync("POST", "/api/sql", $$"""
            {"query":"INSERT INTO {{table}} (id, collectionRef, recordRef, created) VALUES ('{{id}}', '_pb_users_auth_', 'r', '{{moment}}')"}
            """, root);
        Assert.True(answer.Status == 200, answer.Body);
    }
}
