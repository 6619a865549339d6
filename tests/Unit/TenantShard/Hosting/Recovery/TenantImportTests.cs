using System.IO.Compression;
using Platform.Replication.Ltx;
using Platform.Replication.ObjectStore;
using Platform.Replication.Restoring;
using Platform.TenantShard.Hosting;
using Platform.TenantShard.Hosting.Recovery;
using Platform.TenantShard.PocketBaseData;
using Platform.TenantShard.Tests.PocketBaseData;
using Platform.Testing.ObjectStores;

namespace Platform.TenantShard.Tests.Hosting.Recovery;

public sealed class TenantImportTests : IDisposable
{
    private const string Demo2 = "SELECT count(*) FROM demo2";
    private const string Avatar = "storage/_pb_users_auth_/4q1xlclmfloku33/300_1SEi6Q6U72.png";

    private readonly UploadFixture _upload = new();

    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task An_upload_becomes_the_data_of_a_tenant_that_had_none()
    {
        await using var fixture = new RecoveryFixture();
        var tenant = fixture.Shards.Add("acme");
        Assert.False(await fixture.Recovery.Imports.HasDataAsync(tenant, None));
        using (var import = await StageAsync(fixture)) await fixture.Recovery.Imports.BeginAsync(import, tenant, None);
        Assert.True(await fixture.Recovery.Imports.HasDataAsync(tenant, None));
        Assert.Equal(3, await fixture.Shards.ScalarAsync(tenant, Demo2));
        Assert.Equal([1, 2, 3], await fixture.Store.GetAsync($"tenants/acme/{Avatar}", 100, None));
        Assert.Empty(Directory.GetDirectories(fixture.ScratchPath));
        await fixture.RestartAsync();
        Assert.Equal(3, await fixture.Shards.ScalarAsync(tenant, Demo2));
    }

    [Fact]
    public async Task Logs_move_in_and_out_and_a_restored_backup_leaves_them_alone()
    {
        await using var fixture = new RecoveryFixture();
        var tenant = fixture.Shards.Add("acme");
        using (var import = await StageAsync(fixture, ("auxiliary.db", _upload.Database(
            "pocketbase-0.39-auxiliary.db",
            """
            PRAGMA trusted_schema=ON;
            DELETE FROM _logs;
            INSERT INTO _logs (id, level, message, data, created) VALUES
                ('log000000000001', 0, 'GET /api/one', '{"status":200}', '2026-01-02 03:04:05.678Z'),
                ('log000000000002', 8, 'GET /api/two', '{"status":404}', '2026-01-02 03:04:06.678Z'),
                ('log000000000003', 8, 'no object', '[1]', '2026-01-02 03:04:06.678Z');
            """))))
        {
            Assert.DoesNotContain(
                import.Report.Warnings, warning => warning.Contains("logs", StringComparison.Ordinal));
            await fixture.Recovery.Imports.BeginAsync(import, tenant, None);
        }

        var backups = fixture.Recovery.Backups;
        await backups.CreateAsync(tenant, "one.zip", RestoreTarget.Newest, None);
        await using (var backup = (await backups.OpenAsync(tenant, "one.zip", None))!)
        {
            using var import = await fixture.Recovery.Imports.StageAsync(backup, None);
            await fixture.Recovery.Imports.RestoreAsync(import, tenant, None);
        }

        using var export = await fixture.Recovery.Exports.CreateAsync(tenant, None);
        await using var zip = new ZipArchive(export.OpenRead(), ZipArchiveMode.Read);
        await zip.GetEntry("auxiliary.db")!.ExtractToFileAsync(_upload.File("logs.db"));
        using var logs = UploadFixture.Open(_upload.File("logs.db"));
        Assert.Equal(
            """[{"id":"log000000000001","status":200,"level":0},{"id":"log000000000002","status":404,"level":8}]""",
            UploadFixture.Scalar(
                logs,
                """
                SELECT json_group_array(json_object('id', id, 'status', data->'status', 'level', level))
                FROM (SELECT * FROM _logs ORDER BY id)
                """));
        Assert.Equal("ok", UploadFixture.Scalar(logs, "PRAGMA integrity_check"));
        var segments = new List<string>();
        await foreach (var entry in fixture.Store.ListAsync("tenants/acme/logs/", null, None)) segments.Add(entry.Key);
        Assert.Single(segments);
    }

    [Fact]
    public async Task A_tenant_that_is_replaced_can_go_back()
    {
        await using var fixture = new RecoveryFixture();
        var tenant = await fixture.CreateTenantAsync("acme");
        await fixture.InsertAsync(tenant, 1);
        var state = await fixture.ContentAsync(tenant);
        Txid before;
        using (var import = await StageAsync(fixture))
            before = await fixture.Recovery.Imports.ReplaceAsync(import, tenant, None);
        Assert.Equal(3, await fixture.Shards.ScalarAsync(tenant, Demo2));
        await fixture.Shards.ExecuteAsync(tenant, "DELETE FROM demo2");
        await fixture.RestartAsync();
        Assert.Equal(0, await fixture.Shards.ScalarAsync(tenant, Demo2));
        await fixture.Recovery.RewindAsync(tenant, RestoreTarget.At(before), None);
        Assert.Equal(state, await fixture.ContentAsync(tenant));
    }

    [Fact]
    public async Task A_tenant_that_was_opened_but_never_written_to_is_replaced()
    {
        await using var fixture = new RecoveryFixture();
        var tenant = fixture.Shards.Add("acme");
        await fixture.Shards.ScalarAsync(tenant, "SELECT count(*) FROM _collections");
        using var import = await StageAsync(fixture);
        Assert.Equal(Txid.None, await fixture.Recovery.Imports.ReplaceAsync(import, tenant, None));
        Assert.Equal(3, await fixture.Shards.ScalarAsync(tenant, Demo2));
    }

    [Theory]
    [InlineData("/storage/")]
    [InlineData("/ltx/0/")]
    public async Task A_store_that_fails_halfway_leaves_the_old(string keys)
    {
        await using var fixture = new RecoveryFixture();
        var tenant = await fixture.CreateTenantAsync("acme");
        await fixture.InsertAsync(tenant, 1);
        var state = await fixture.ContentAsync(tenant);
        using (var import = await StageAsync(fixture))
        {
            fixture.Store.FailNext(
                ObjectOperations.Create, ObjectFault.Refuse, times: 100,
                key => key.Contains(keys, StringComparison.Ordinal));
            await Assert.ThrowsAnyAsync<ObjectStoreException>(
                () => fixture.Recovery.Imports.ReplaceAsync(import, tenant, None));
        }

        await fixture.RestartAsync();
        Assert.Equal(state, await fixture.ContentAsync(tenant));
        await Assert.ThrowsAsync<Platform.TenantShard.Database.DatabaseException>(
            () => fixture.Shards.ScalarAsync(tenant, Demo2));
    }

    [Fact]
    public async Task A_write_that_arrives_although_its_answer_was_lost_leaves_the_new()
    {
        await using var fixture = new RecoveryFixture();
        var tenant = await fixture.CreateTenantAsync("acme");
        using (var import = await StageAsync(fixture))
        {
            fixture.Store.FailNext(
                ObjectOperations.Create, ObjectFault.LoseAnswer, times: 1,
                key => key.Contains("/ltx/0/", StringComparison.Ordinal));
            await Assert.ThrowsAnyAsync<ObjectStoreException>(
                () => fixture.Recovery.Imports.ReplaceAsync(import, tenant, None));
        }

        await fixture.RestartAsync();
        Assert.Equal(3, await fixture.Shards.ScalarAsync(tenant, Demo2));
    }

    [Fact]
    public async Task Files_that_the_tenant_removed_meanwhile_are_noticed_before_the_switch()
    {
        await using var fixture = new RecoveryFixture();
        var tenant = await fixture.CreateTenantAsync("acme");
        var state = await fixture.ContentAsync(tenant);
        using var import = await StageAsync(fixture);
        var gate = fixture.Store.Hold(
            ObjectOperations.Create, key => key.EndsWith(".png", StringComparison.Ordinal), isBehindTheStore: true);
        var replacing = fixture.Recovery.Imports.ReplaceAsync(import, tenant, None);
        await gate.ArrivalAsync(TimeSpan.FromSeconds(30));
        await fixture.Store.DeleteAsync([$"tenants/acme/{Avatar}"], None);
        gate.Open();
        var refused = await Assert.ThrowsAsync<ShardRequestException>(() => replacing);
        Assert.Equal(503, refused.Status);
        Assert.Equal(state, await fixture.ContentAsync(tenant));
    }

    [Fact]
    public async Task Another_file_of_the_same_name_is_never_replaced()
    {
        await using var fixture = new RecoveryFixture();
        var tenant = await fixture.CreateTenantAsync("acme");
        var state = await fixture.ContentAsync(tenant);
        await fixture.Store.PutAsync($"tenants/acme/{Avatar}", "another"u8.ToArray(), None);
        using (var import = await StageAsync(fixture))
        {
            var refused = await Assert.ThrowsAsync<ImportRefusedException>(
                () => fixture.Recovery.Imports.ReplaceAsync(import, tenant, None));
            Assert.Contains("300_1SEi6Q6U72.png", refused.Problems[0].Place, StringComparison.Ordinal);
        }

        Assert.Equal(state, await fixture.ContentAsync(tenant));
    }

    [Fact]
    public async Task A_large_file_goes_through_the_disk_and_back_out_in_an_export()
    {
        await using var fixture = new RecoveryFixture();
        var tenant = fixture.Shards.Add("acme");
        var large = new byte[3 << 20];
        new Random(1).NextBytes(large);
        using (var import = await StageAsync(fixture, (Avatar, large)))
            await fixture.Recovery.Imports.BeginAsync(import, tenant, None);
        using var export = await fixture.Recovery.Exports.CreateAsync(tenant, None);
        await using var content = export.OpenRead();
        Assert.Equal(export.Bytes, content.Length);
        await using var zip = new ZipArchive(content, ZipArchiveMode.Read);
        Assert.Equal(
            ["auxiliary.db", "data.db", Avatar],
            zip.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal));
        await using var file = await zip.GetEntry(Avatar)!.OpenAsync();
        using var found = new MemoryStream();
        await file.CopyToAsync(found);
        Assert.True(large.AsSpan().SequenceEqual(found.ToArray()));
    }

    [Fact]
    public async Task An_upload_over_the_limit_is_cut_off()
    {
        await using var fixture = new RecoveryFixture();
        await using var endless = new MemoryStream(new byte[1000]);
        var imports = new TenantImports(
            fixture.Shards.Host, fixture.Store, new ScratchSpace(_upload.File("scratch")),
            new ImportLimits { UploadBytesMax = 999 }, TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        var refused = await Assert.ThrowsAsync<ImportRefusedException>(() => imports.StageAsync(endless, None));
        Assert.Equal("validation_too_large", refused.Problems[0].Code);
        Assert.Empty(Directory.GetDirectories(_upload.File("scratch")));
    }

    public void Dispose() => _upload.Dispose();

    private Task<StagedImport> StageAsync(RecoveryFixture fixture) => StageAsync(fixture, (Avatar, [1, 2, 3]));

    private async Task<StagedImport> StageAsync(RecoveryFixture fixture, (string Name, byte[] Content) file)
    {
        var zip = _upload.Zip(("data.db", _upload.Database()), file);
        await using var upload = File.OpenRead(zip);
        return await fixture.Recovery.Imports.StageAsync(upload, None);
    }
}
