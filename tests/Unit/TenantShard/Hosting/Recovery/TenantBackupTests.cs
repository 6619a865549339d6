using System.IO.Compression;
using System.Text;
using Platform.Messages.Identity;
using Platform.Messages.Tenants;
using Platform.Replication.Restoring;
using Platform.TenantShard.Database;
using Platform.TenantShard.Hosting.Recovery;

namespace Platform.TenantShard.Tests.Hosting.Recovery;

public sealed class TenantBackupTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken None => CancellationToken.None;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Durability.Replicated)]
    [InlineData(Durability.Local)]
    public async Task A_backup_holds_the_database_and_the_files(Durability durability)
    {
        await using var fixture = new RecoveryFixture();
        var tenant = await fixture.CreateTenantAsync("acme", durability);
        await fixture.Shards.ExecuteAsync(tenant, "INSERT INTO t VALUES (1, hex(randomblob(200000)))");
        var file = await fixture.AddFileAsync(tenant, "r", Encoding.UTF8.GetBytes("file"));
        await fixture.Store.PutAsync("tenants/acme/storage/gone/r/named_by_nobody.txt", Encoding.UTF8.GetBytes("x"), None);
        var created = await fixture.Recovery.Backups.CreateAsync(tenant, "nightly.zip", RestoreTarget.Newest, None);
        Assert.Equal((await fixture.NewestAsync(tenant), 1), (created!.Txid, created.Files));
        await using var zip = await DownloadAsync(fixture, tenant, "nightly.zip");
        Assert.Equal(["data.db", "auxiliary.db", $"storage/{file}"], zip.Entries.Select(entry => entry.FullName));
        Assert.Contains(created.Txid.ToString(), zip.Comment, StringComparison.Ordinal);
        Assert.Equal(await fixture.ContentAsync(tenant), await ContentAsync(zip));
    }

    [Fact]
    public async Task A_backup_of_an_earlier_transaction_holds_that()
    {
        await using var fixture = new RecoveryFixture();
        var tenant = await fixture.CreateTenantAsync("acme");
        var first = await fixture.InsertAsync(tenant, 1);
        var state = await fixture.ContentAsync(tenant);
        await fixture.InsertAsync(tenant, 2);
        await fixture.Recovery.Backups.CreateAsync(tenant, "then.zip", RestoreTarget.At(first), None);
        await using var zip = await DownloadAsync(fixture, tenant, "then.zip");
        Assert.Equal(state, await ContentAsync(zip));
    }

    [Fact]
    public async Task A_name_is_given_once_and_free_again_after_the_delete()
    {
        await using var fixture = new RecoveryFixture();
        var tenant = await fixture.CreateTenantAsync("acme");
        var backups = fixture.Recovery.Backups;
        Assert.NotNull(await backups.CreateAsync(tenant, "one.zip", RestoreTarget.Newest, None));
        Assert.NotNull(await backups.CreateAsync(tenant, "one-more.zip", RestoreTarget.Newest, None));
        Assert.Null(await backups.CreateAsync(tenant, "one.zip", RestoreTarget.Newest, None));
        Assert.Equal(["one-more.zip", "one.zip"], (await backups.ListAsync(tenant, None)).Select(backup => backup.Name));
        await backups.DeleteAsync(tenant, "one.zip", None);
        Assert.Null(await backups.FindAsync(tenant, "one.zip", None));
        Assert.Null(await backups.OpenAsync(tenant, "one.zip", None));
        Assert.NotNull(await backups.CreateAsync(tenant, "one.zip", RestoreTarget.Newest, None));
        Assert.Empty(Directory.GetDirectories(fixture.ScratchPath));
    }

    [Fact]
    public async Task A_tenant_that_nobody_wrote_to_has_a_backup_too()
    {
        await using var fixture = new RecoveryFixture();
        var tenant = fixture.Shards.Add("acme");
        var created = await fixture.Recovery.Backups.CreateAsync(tenant, "empty.zip", RestoreTarget.Newest, None);
        Assert.Null(created!.Time);
        await using var zip = await DownloadAsync(fixture, tenant, "empty.zip");
        Assert.Equal(["data.db", "auxiliary.db"], zip.Entries.Select(entry => entry.FullName));
    }

    [Theory]
    [InlineData("a", "a.zip")]
    [InlineData("a.zip", "a.zip")]
    [InlineData("0-_z", "0-_z.zip")]
    [InlineData("", null)]
    [InlineData(".zip", null)]
    [InlineData("A", null)]
    [InlineData("a/b", null)]
    [InlineData("..", null)]
    [InlineData("a.zip.zip", null)]
    [InlineData("ä", null)]
    public void Names_follow_the_rule(string text, string? expected)
    {
        Assert.Equal(expected is not null, BackupName.TryParse(text, out var name));
        Assert.Equal(expected, name);
        Assert.True(BackupName.TryParse(new string('a', 100), out _));
        Assert.False(BackupName.TryParse(new string('a', 101), out _));
    }

    private static async Task<ZipArchive> DownloadAsync(RecoveryFixture fixture, TenantId tenant, string name)
    {
        await using var stream = await fixture.Recovery.Backups.OpenAsync(tenant, name, None);
        var content = new MemoryStream();
        await stream!.CopyToAsync(content);
        var found = await fixture.Recovery.Backups.FindAsync(tenant, name, None);
        Assert.Equal(found!.Bytes, content.Length);
        return new ZipArchive(content, ZipArchiveMode.Read);
    }

    private async Task<string> ContentAsync(ZipArchive zip)
    {
        var path = _folder.File("data.db");
        await zip.GetEntry("data.db")!.ExtractToFileAsync(path);
        using var connection = DatabaseConnection.Open(path, new ConnectionOptions(IsReadOnly: false));
        using (var check = connection.Prepare("PRAGMA integrity_check"))
        {
            Assert.True(check.Step());
            Assert.Equal("ok", check.Text(0));
        }

        return RecoveryFixture.Content(connection);
    }
}
