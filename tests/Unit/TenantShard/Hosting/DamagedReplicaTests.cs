using Platform.Messages.Identity;
using Platform.Replication.Ltx;
using Platform.Replication.Restoring;

namespace Platform.TenantShard.Tests.Hosting;

/// <summary>
/// A tenant whose objects are damaged is not opened: the error names the object and what to do, its other objects stay as
/// they are, and it opens again when the object is put back.
/// </summary>
public sealed class DamagedReplicaTests
{
    public static TheoryData<string, string> Damages => new()
    {
        { "corrupt", "0000000000000002-0000000000000002.ltx" },
        { "truncated", "0000000000000002-0000000000000002.ltx" },
        { "empty", "0000000000000002-0000000000000002.ltx" },
        { "not LTX", "0000000000000002-0000000000000002.ltx" },
        { "of another transaction", "against its name" },
        { "of another page size", "bytes, those of what was before it" },
        { "missing", "after transaction 0000000000000001 the next file starts with 0000000000000003" },
        { "the first is missing", "the first file starts with transaction 0000000000000002" },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task A_damaged_object_is_named_at_the_activation_and_nothing_else_changes(string damage, string named)
    {
        await using var fixture = new ShardHostFixture();
        var (tenant, other) = (fixture.Add("acme"), fixture.Add("other"));
        foreach (var id in new[] { tenant, other })
        {
            await fixture.ExecuteAsync(id, "CREATE TABLE t (a)");
            for (var row = 0; row < 4; row++) await fixture.ExecuteAsync(id, $"INSERT INTO t VALUES (randomblob(3000))");
        }

        await fixture.RestartAsync(deleteCache: true);
        var damaged = File0(fixture, tenant, damage == "the first is missing" ? 1UL : 2UL);
        var whole = await File.ReadAllBytesAsync(damaged);
        await DamageAsync(fixture, damage, damaged, whole);
        var before = Stored(fixture);

        var refusal = await Assert.ThrowsAsync<RestoreException>(() => fixture.ScalarAsync(tenant, "SELECT count(*) FROM t"));
        Assert.True(refusal.Message.Contains(named, StringComparison.Ordinal), refusal.Message);
        Assert.Contains("tenants/acme/data.db", refusal.Message, StringComparison.Ordinal);
        Assert.NotEqual("", refusal.Hint);
        await Assert.ThrowsAsync<RestoreException>(() => fixture.ExecuteAsync(tenant, "INSERT INTO t VALUES (1)"));
        Assert.Equal(before, Stored(fixture));
        Assert.Equal(4, await fixture.ScalarAsync(other, "SELECT count(*) FROM t"));

        await File.WriteAllBytesAsync(damaged, whole);
        Assert.Equal(4, await fixture.ScalarAsync(tenant, "SELECT count(*) FROM t"));
    }

    private static async Task DamageAsync(ShardHostFixture fixture, string damage, string path, byte[] whole)
    {
        switch (damage)
        {
            case "corrupt":
                whole = [.. whole];
                whole[whole.Length / 2] ^= 1;
                await File.WriteAllBytesAsync(path, whole);
                break;
            case "truncated":
                await File.WriteAllBytesAsync(path, whole[..^5]);
                break;
            case "empty":
                await File.WriteAllBytesAsync(path, []);
                break;
            case "not LTX":
                await File.WriteAllTextAsync(path, new string('x', 500));
                break;
            case "of another transaction":
                File.Copy(File0(fixture, ShardHostFixture.Id("other"), 3), path, overwrite: true);
                break;
            case "of another page size":
                await File.WriteAllBytesAsync(path, OfAnotherPageSize(LtxHeader.Parse(whole)));
                break;
            default:
                File.Delete(path);
                break;
        }
    }

    private static byte[] OfAnotherPageSize(LtxHeader header)
    {
        using var writer = new LtxWriter();
        writer.Begin(header with { PageSize = header.PageSize / 2 });
        writer.AddPage(1, new byte[header.PageSize / 2]);
        return writer.Complete().ToArray();
    }

    private static string File0(ShardHostFixture fixture, TenantId tenant, ulong txid) => Path.Combine(
        fixture.ObjectsPath, $"tenants/{tenant.Value}/data.db/ltx/0", LtxFileName.Format(new Txid(txid), new Txid(txid)));

    private static List<(string, long, DateTime)> Stored(ShardHostFixture fixture) =>
        [.. new DirectoryInfo(Path.Combine(fixture.ObjectsPath, "tenants/acme/data.db"))
            .GetFiles("*", SearchOption.AllDirectories).OrderBy(file => file.FullName)
            .Select(file => (file.FullName, file.Length, file.LastWriteTimeUtc))];
}
