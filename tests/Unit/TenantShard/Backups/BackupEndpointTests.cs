using System.IO.Compression;
using Platform.Testing;
using Platform.Testing.Mail;

namespace Platform.TenantShard.Tests.Backups;

public sealed class BackupEndpointTests : IAsyncLifetime
{
    private const string Posts = """
        {"name":"posts","type":"base","listRule":"","fields":[{"type":"text","name":"title"}]}
        """;

    private BackupServer _server = null!;

    public async Task InitializeAsync() => _server = await BackupServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_backup_is_made_listed_downloaded_and_deleted()
    {
        Assert.Equal(204, (await _server.SendAsync("POST", "/api/backups", """{"name":"mine.zip"}""")).Status);
        Assert.Equal(204, (await _server.SendAsync("POST", "/api/backups")).Status);
        var taken = await _server.SendAsync("POST", "/api/backups", """{"name":"mine.zip"}""");
        Assert.Equal(400, taken.Status);
        Assert.Contains("validation_backup_name_exists", taken.Body, StringComparison.Ordinal);

        var keys = await _server.KeysAsync();
        Assert.Equal(2, keys.Length);
        Assert.Contains("mine.zip", keys);
        Assert.Matches(@"^pb_backup_\d{14}\.zip$", keys.Single(key => key != "mine.zip"));
        using var zip = new ZipArchive(new MemoryStream(await _server.DownloadAsync("mine.zip")));
        Assert.NotNull(zip.GetEntry("data.db"));

        Assert.Equal(204, (await _server.SendAsync("DELETE", "/api/backups/mine.zip")).Status);
        Assert.Equal(400, (await _server.SendAsync("DELETE", "/api/backups/mine.zip")).Status);
        Assert.Single(await _server.KeysAsync());
    }

    [Fact]
    public async Task A_restore_brings_everything_back_and_the_tenant_goes_on()
    {
        const string Records = "/api/collections/posts/records";
        Assert.Equal(200, (await _server.SendAsync("POST", "/api/collections", Posts)).Status);
        Assert.Equal(200, (await _server.SendAsync("POST", Records, """{"title":"kept"}""")).Status);
        Assert.Equal(204, (await _server.SendAsync("POST", "/api/backups", """{"name":"before.zip"}""")).Status);
        Assert.Equal(204, (await _server.SendAsync("DELETE", "/api/collections/posts")).Status);
        Assert.Equal(404, (await _server.SendAsync("GET", Records)).Status);

        var restored = await _server.SendAsync("POST", "/api/backups/before.zip/restore");

        Assert.True(restored.Status == 204, restored.Body);
        Assert.Contains("\"title\":\"kept\"", (await _server.SendAsync("GET", Records)).Body, StringComparison.Ordinal);
        // The superuser's token is still one: he and the secrets came along.
        Assert.Contains("before.zip", await _server.KeysAsync());
        Assert.Equal(200, (await _server.SendAsync("POST", Records, """{"title":"more"}""")).Status);
    }

    [Fact]
    public async Task A_backup_can_be_uploaded_under_its_own_name_only_as_a_zip_and_once()
    {
        await _server.SendAsync("POST", "/api/backups", """{"name":"mine.zip"}""");
        var content = await _server.DownloadAsync("mine.zip");

        Assert.Equal(204, (await _server.UploadAsync("theirs.zip", content)).Status);
        var twice = await _server.UploadAsync("theirs.zip", content);
        Assert.Contains("validation_backup_name_exists", twice.Body, StringComparison.Ordinal);
        var text = await _server.UploadAsync("text.zip", "no zip at all"u8.ToArray());
        Assert.Contains("validation_invalid_mime_type", text.Body, StringComparison.Ordinal);
        var name = await _server.UploadAsync("Not Allowed.zip", content);
        Assert.Contains("validation_match_invalid", name.Body, StringComparison.Ordinal);
        var restored = await _server.SendAsync("POST", "/api/backups/theirs.zip/restore");
        Assert.True(restored.Status == 204, restored.Body);
        Assert.Equal(2, (await _server.KeysAsync()).Length);
    }

    [Fact]
    public async Task A_zip_that_holds_no_tenant_is_not_restored()
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            zip.CreateEntry("readme.txt");
        }

        Assert.Equal(204, (await _server.UploadAsync("empty.zip", stream.ToArray())).Status);
        var refused = await _server.SendAsync("POST", "/api/backups/empty.zip/restore");

        Assert.Equal(400, refused.Status);
        Assert.Contains("data.db", refused.Body, StringComparison.Ordinal);
        Assert.Equal(200, (await _server.SendAsync("GET", "/api/settings")).Status);
        Assert.Equal(400, (await _server.SendAsync("POST", "/api/backups/missing.zip/restore")).Status);
    }

    [Theory]
    [InlineData("GET", "/api/backups", 401)]
    [InlineData("POST", "/api/backups", 401)]
    [InlineData("POST", "/api/backups/upload", 401)]
    [InlineData("DELETE", "/api/backups/a.zip", 401)]
    [InlineData("POST", "/api/backups/a.zip/restore", 401)]
    [InlineData("GET", "/api/backups/a.zip", 403)]
    [InlineData("GET", "/api/backups/a.zip?token=wrong", 403)]
    public async Task Others_than_superusers_are_refused(string method, string path, int status)
    {
        Assert.Equal(status, (await _server.SendAsync(method, path, asGuest: true)).Status);
    }

    [Fact]
    public async Task An_auth_token_is_no_file_token_and_names_stay_names()
    {
        Assert.Equal(403, (await _server.SendAsync("GET", "/api/backups/a.zip?token=" + _server.Root)).Status);
        var token = await _server.FileTokenAsync();
        foreach (var key in new[] { "missing.zip", "..%2f..%2fcluster.db", "A.zip" })
            Assert.Equal(404, (await _server.SendAsync("GET", $"/api/backups/{key}?token={token}")).Status);
        foreach (var name in new[] { "../x.zip", "x", "x.zip.exe", "X.zip", "a b.zip" })
        {
            var answer = await _server.SendAsync("POST", "/api/backups", $$"""{"name":"{{name}}"}""");
            Assert.Contains("validation_match_invalid", answer.Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_schedule_makes_backups_and_keeps_the_newest()
    {
        const string Job = "/api/crons/__pbAutoBackup__";
        await _server.SendAsync("PATCH", "/api/settings", """{"backups":{"cron":"0 0 * * *","cronMaxKeep":1}}""");
        await _server.SendAsync("POST", "/api/backups", """{"name":"mine.zip"}""");
        Assert.Equal(204, (await _server.SendAsync("POST", Job)).Status);
        var first = Assert.Single(await AutoAsync());
        // Names have seconds.
        await Eventually.TrueAsync(async () => (await _server.SendAsync("POST", Job)).Status == 204);

        Assert.NotEqual(first, Assert.Single(await AutoAsync()));
        Assert.Contains("mine.zip", await _server.KeysAsync());
    }

    [Fact]
    public async Task The_scheduler_makes_up_for_a_backup_that_was_missed_once()
    {
        var minute = new DateTimeOffset(2030, 5, 5, 5, 5, 0, TimeSpan.Zero);
        await _server.SendAsync("PATCH", "/api/settings", """{"backups":{"cron":"0 0 1 1 *"}}""");
        await _server.Backend.Crons.RunMinuteAsync(minute, default);
        Assert.Empty(await AutoAsync());
        const string Change = "UPDATE _params SET updated = '2020-01-01 00:00:00.000Z' WHERE id = 'settings'";
        await _server.SendAsync("POST", "/api/sql", $$"""{"query":"{{Change}}"}""");
        await _server.Fixture.Host.EvictAsync(_server.Tenant);
        await _server.SendAsync("GET", "/api/health");

        await _server.Backend.Crons.RunMinuteAsync(minute, default);

        Assert.Single(await AutoAsync());
        await _server.Backend.Crons.RunMinuteAsync(minute.AddMinutes(1), default);
        Assert.Single(await AutoAsync());
    }

    [Fact]
    public async Task The_scheduler_runs_what_is_due_and_a_failure_is_in_the_tenants_log_and_in_the_superusers_mail()
    {
        await using var mail = new SmtpReceiver();
        await _server.SendAsync("PATCH", "/api/settings", """{"backups":{"cron":"5 5 5 5 *"}}""");
        await _server.SendAsync("PATCH", "/api/settings", $$$"""
            {"meta":{"appName":"Blog","senderAddress":"me@example.com"},
             "smtp":{"enabled":true,"host":"127.0.0.1","port":{{{mail.Port}}}}}
            """);
        var minute = new DateTimeOffset(2030, 5, 5, 5, 5, 0, TimeSpan.Zero);
        await _server.Backend.Crons.RunMinuteAsync(minute.AddMinutes(-1), default);
        Assert.Empty(await AutoAsync());

        await _server.Backend.Crons.RunMinuteAsync(minute, default);
        Assert.Single(await AutoAsync());
        Assert.Empty(mail.Mails);
        Directory.Delete(Path.Combine(_server.Fixture.ObjectsPath, "tenants", "acme", "data.db"), recursive: true);
        await _server.Backend.Crons.RunMinuteAsync(minute, default);

        var logs = await _server.SendAsync("GET", "/api/logs?filter=level>0");
        Assert.Contains("The cron job __pbAutoBackup__ failed.", logs.Body, StringComparison.Ordinal);
        var alert = await mail.WaitAsync(0);
        Assert.Equal(("The automatic backup of Blog failed", "root@example.com"), (alert.Subject, alert.Recipient));
        Assert.DoesNotContain("{ERROR}", alert.Html, StringComparison.Ordinal);
    }

    private async Task<string[]> AutoAsync() =>
        [.. (await _server.KeysAsync()).Where(static key => key.StartsWith("auto_", StringComparison.Ordinal))];
}
