using System.IO.Compression;

namespace Platform.Cluster.Tests.Recovery;

public sealed class BackupApiTests
{
    private const string Backups = RecoveryApi.Acme + "/backups";

    [Fact]
    public async Task A_backup_is_made_listed_downloaded_and_deleted()
    {
        await using var node = await RecoveryApi.StartAsync(superusers: 2);
        var (status, created) = await node.SendAsync("POST", Backups, """{"name":"before-launch"}""");
        Assert.Equal(201, status);
        Assert.Equal("before-launch.zip", created.GetProperty("name").GetString());
        Assert.Equal((await RecoveryApi.HistoryAsync(node))[^1].Txid, created.GetProperty("txid").GetString());
        var (_, list) = await node.SendAsync("GET", Backups);
        var item = Assert.Single(list.GetProperty("items").EnumerateArray());
        Assert.Equal(created.GetProperty("bytes").GetInt64(), item.GetProperty("bytes").GetInt64());

        using (var answer = await node.SendRawAsync("GET", $"{Backups}/before-launch.zip"))
        {
            Assert.Equal("application/zip", answer.Content.Headers.ContentType?.MediaType);
            Assert.Equal("acme-before-launch.zip", answer.Content.Headers.ContentDisposition?.FileName?.Trim('"'));
            await using var zip = new ZipArchive(await answer.Content.ReadAsStreamAsync(), ZipArchiveMode.Read);
            await using var database = await zip.GetEntry("data.db")!.OpenAsync();
            var start = new byte[15];
            await database.ReadExactlyAsync(start);
            Assert.Equal("SQLite format 3"u8.ToArray(), start);
        }

        Assert.Equal(204, (await node.SendAsync("DELETE", $"{Backups}/before-launch")).Status);
        Assert.Equal(404, (await node.SendAsync("GET", $"{Backups}/before-launch")).Status);
        Assert.Equal(404, (await node.SendAsync("DELETE", $"{Backups}/before-launch")).Status);
        Assert.Equal(0, (await node.SendAsync("GET", Backups)).Body.GetProperty("totalItems").GetInt32());
    }

    [Fact]
    public async Task A_backup_without_a_name_gets_one_and_names_are_given_once()
    {
        await using var node = await RecoveryApi.StartAsync(superusers: 1);
        var (status, created) = await node.SendAsync("POST", Backups);
        Assert.Equal(201, status);
        var name = created.GetProperty("name").GetString()!;
        Assert.StartsWith("backup-", name, StringComparison.Ordinal);
        var (taken, answer) = await node.SendAsync("POST", Backups, $$"""{"name":"{{name}}"}""");
        Assert.Equal(409, taken);
        Assert.Equal("validation_not_unique", RecoveryApi.Reason(answer, "name"));
    }
}
