using Platform.Replication.Ltx;
using Platform.Replication.Restoring;
using Platform.Replication.Shipping;

namespace Platform.Replication.Tests.Shipping;

/// <summary>A node whose local file is an earlier transaction of the replica: it reads what came since, and no more.</summary>
public sealed class CatchUpTests : IDisposable
{
    private readonly ShippingWorld _world = new();

    private static CancellationToken None => CancellationToken.None;

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_file_of_a_clean_close_takes_only_what_came_since_even_after_a_reboot()
    {
        await GoAwayAsync("a");
        await GoOnAsync("b");
        _world.Reboot();
        var read = _world.Store.Traffic.BytesRead;

        await using var owner = await _world.OpenAsync("a");

        Assert.Equal(Opening.CaughtUp, owner.Replica.Opening);
        Assert.InRange(_world.Store.Traffic.BytesRead - read, 1, 60_000);
        Assert.Equal("changed", owner.Database.Scalar("select v from t where id=1"));
        await RequireGoesOnAsync(owner);
    }

    [Fact]
    public async Task A_copy_that_was_prepared_and_not_touched_takes_only_what_came_since()
    {
        await GoAwayAsync("a");
        await using (await DatabaseReplica.OpenAsync(_world.Options("target"), None))
        {
        }

        await GoOnAsync("b");
        var read = _world.Store.Traffic.BytesRead;

        await using var owner = await _world.OpenAsync("target");

        Assert.Equal(Opening.CaughtUp, owner.Replica.Opening);
        Assert.InRange(_world.Store.Traffic.BytesRead - read, 1, 60_000);
        await RequireGoesOnAsync(owner);
    }

    [Fact]
    public async Task What_shrank_meanwhile_is_shorter_afterwards()
    {
        await GoAwayAsync("a");
        var before = new FileInfo(_world.DatabasePath("a")).Length;
        await using (var other = await _world.OpenAsync("b"))
        {
            await other.WriteAsync("delete from t where id>20");
            await other.WriteAsync("vacuum");
        }

        await using var owner = await _world.OpenAsync("a");

        Assert.True(new FileInfo(_world.DatabasePath("a")).Length < before);
        await RequireGoesOnAsync(owner, expected: Opening.CaughtUp, position: 4);
    }

    [Theory]
    [InlineData("one bit")]
    [InlineData("a WAL")]
    [InlineData("no record")]
    public async Task Without_proof_everything_is_downloaded(string doubt)
    {
        await GoAwayAsync("a");
        await GoOnAsync("b");
        var path = _world.DatabasePath("a");
        switch (doubt)
        {
            case "one bit":
                var content = await File.ReadAllBytesAsync(path);
                content[^1] ^= 1;
                await File.WriteAllBytesAsync(path, content);
                break;
            case "a WAL":
                await File.WriteAllBytesAsync(path + "-wal", new byte[100]);
                break;
            default:
                File.Delete(path + "-position");
                break;
        }

        await using var owner = await _world.OpenAsync("a");

        Assert.Equal(Opening.Restored, owner.Replica.Opening);
        await RequireGoesOnAsync(owner, Opening.Restored);
    }

    [Fact]
    public async Task When_the_named_file_of_the_replica_is_gone_everything_is_downloaded()
    {
        await GoAwayAsync("a");
        await GoOnAsync("b", snapshot: true);
        File.Delete(_world.File0(2));

        await using var owner = await _world.OpenAsync("a");

        await RequireGoesOnAsync(owner, Opening.Restored);
    }

    [Fact]
    public async Task Damage_in_what_came_since_is_an_error_and_leaves_the_local_file_as_it_was()
    {
        await GoAwayAsync("a");
        await GoOnAsync("b");
        var damaged = _world.File0(3);
        var content = await File.ReadAllBytesAsync(damaged);
        content[^20] ^= 1;
        await File.WriteAllBytesAsync(damaged, content);
        var local = await File.ReadAllBytesAsync(_world.DatabasePath("a"));

        var fault = await Assert.ThrowsAsync<RestoreException>(() => DatabaseReplica.OpenAsync(_world.Options("a"), None));

        Assert.Contains(Path.GetFileName(damaged), fault.Message, StringComparison.Ordinal);
        Assert.Equal(local, await File.ReadAllBytesAsync(_world.DatabasePath("a")));
        Assert.True(File.Exists(_world.DatabasePath("a") + "-position"));
    }

    /// <summary>A node that wrote two transactions, some 200 pages, and closed cleanly.</summary>
    private async Task GoAwayAsync(string node)
    {
        var owner = await _world.OpenAsync(node);
        await owner.WriteAsync(
            "insert into t with recursive n(i) as (select 1 union all select i+1 from n where i<200) "
            + "select i, randomblob(3000) from n");
        await owner.WriteAsync("update t set v='first' where id=1");
        await owner.CloseCleanAsync();
    }

    /// <summary>Another node goes on with two transactions.</summary>
    private async Task GoOnAsync(string node, bool snapshot = false)
    {
        await using var other = await _world.OpenAsync(node);
        await other.WriteAsync("update t set v='changed' where id=1");
        await other.WriteAsync("insert into t values(999, 'new')");
        if (snapshot) Assert.True(await other.Replica.SnapshotAsync(None));
    }

    private async Task RequireGoesOnAsync(
        ShippingWorld.Owner owner, Opening expected = Opening.CaughtUp, uint position = 4)
    {
        Assert.Equal(expected, owner.Replica.Opening);
        Assert.Equal(new Txid(position), owner.Replica.Position);
        Assert.Equal("ok", owner.Database.Scalar("pragma integrity_check"));
        Assert.Equal(new Txid(position + 1), await owner.WriteAsync("insert into t values(1000, 'goes on')"));
        await _world.RequireEqualAsync(owner);
    }
}
