using Platform.Replication.Fencing;
using Platform.Replication.Ltx;
using Platform.Replication.ObjectStore;
using Platform.Replication.Restoring;
using Platform.Replication.Shipping;
using Platform.Testing.ObjectStores;

namespace Platform.Replication.Tests.Shipping;

/// <summary>What a database is opened from, after every kind of end.</summary>
public sealed class ReplicaOpeningTests : IDisposable
{
    private const int Discarded = 1012;

    private readonly ShippingWorld _world = new();

    private static CancellationToken None => CancellationToken.None;

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task After_a_clean_close_the_local_file_is_used_even_after_a_reboot()
    {
        await (await WrittenAsync(3)).CloseCleanAsync();
        _world.Reboot();
        var read = _world.Store.Traffic.BytesRead;

        await using var owner = await _world.OpenAsync("a");

        Assert.Equal(Opening.Continued, owner.Replica.Opening);
        Assert.Equal(new Txid(3), owner.Replica.Position);
        // A header and a checksum.
        Assert.Equal(108, _world.Store.Traffic.BytesRead - read);
        await RequireGoesOnAsync(owner, 3);
    }

    [Fact]
    public async Task A_clean_close_is_over_once_the_database_is_open_again()
    {
        await (await WrittenAsync(2)).CloseCleanAsync();
        await using (var owner = await _world.OpenAsync("a"))
        {
            await owner.WriteAsync("insert into t values(100, 'x')");
            Assert.True(owner.Checkpoint());
        }

        _world.Reboot();
        await using var later = await _world.OpenAsync("a");

        Assert.Equal(Opening.Restored, later.Replica.Opening);
        await RequireGoesOnAsync(later, 3);
    }

    [Fact]
    public async Task A_clean_close_that_is_not_clean_is_not_believed()
    {
        var owner = await WrittenAsync(2);
        owner.Database.Dispose();
        await owner.Replica.CloseAsync(clean: true, None);
        _world.Reboot();

        await using var later = await _world.OpenAsync("a");

        Assert.Equal(Opening.Restored, later.Replica.Opening);
        await RequireGoesOnAsync(later, 2);
    }

    [Theory]
    [InlineData("older copy")]
    [InlineData("one bit")]
    [InlineData("longer")]
    [InlineData("foreign wal")]
    [InlineData("gone")]
    public async Task After_a_clean_close_a_file_that_was_tampered_with_is_replaced(string tampering)
    {
        var owner = await WrittenAsync(2);
        Assert.True(owner.Checkpoint());
        _world.CopyNode("a", "older");
        await owner.WriteAsync("update t set v='changed' where id=1");
        await owner.CloseCleanAsync();
        var path = _world.DatabasePath("a");
        var content = await File.ReadAllBytesAsync(path);
        switch (tampering)
        {
            case "older copy":
                Assert.Equal(content.Length, new FileInfo(_world.DatabasePath("older")).Length);
                File.Copy(_world.DatabasePath("older"), path, overwrite: true);
                break;
            case "one bit":
                content[^1] ^= 1;
                await File.WriteAllBytesAsync(path, content);
                break;
            case "longer":
                await File.WriteAllBytesAsync(path, [.. content, .. new byte[4096]]);
                break;
            case "foreign wal":
                await File.WriteAllBytesAsync(path + "-wal", new byte[100]);
                break;
            default:
                File.Delete(path);
                break;
        }

        await using var later = await _world.OpenAsync("a");

        Assert.Equal(Opening.Restored, later.Replica.Opening);
        Assert.Equal("changed", later.Database.Scalar("select v from t where id=1"));
        await RequireGoesOnAsync(later, 3);
    }

    [Fact]
    public async Task A_record_that_was_cut_short_proves_nothing()
    {
        await (await WrittenAsync(2)).CloseCleanAsync();
        var record = _world.DatabasePath("a") + "-position";
        await File.WriteAllTextAsync(record, (await File.ReadAllTextAsync(record))[..40]);

        await using var owner = await _world.OpenAsync("a");

        Assert.Equal(Opening.Restored, owner.Replica.Opening);
    }

    [Fact]
    public async Task After_a_kill_the_local_file_is_used_and_its_unshipped_commits_are_shipped()
    {
        await using var killed = await WrittenAsync(3);
        killed.Database.Execute("insert into t values(50, 'unshipped')");
        killed.Database.Execute("insert into t values(51, 'unshipped')");
        _world.CopyNode("a", "b");

        await using var owner = await _world.OpenAsync("b");

        Assert.Equal(Opening.Continued, owner.Replica.Opening);
        Assert.Equal(new Txid(3), owner.Replica.Position);
        Assert.True(owner.Replica.UnshippedBytes > 0);
        Assert.Equal("unshipped", owner.Database.Scalar("select v from t where id=51"));
        Assert.Equal(new Txid(4), await owner.Replica.ShipAsync(None));
        await RequireGoesOnAsync(owner, 4);
    }

    [Theory]
    [InlineData("truncate", false)]
    [InlineData("truncate", true)]
    [InlineData("restart", false)]
    [InlineData("restart", true)]
    public async Task After_a_kill_behind_a_checkpoint_the_local_file_is_used(string mode, bool hasUnshipped)
    {
        await using var killed = await WrittenAsync(3);
        Assert.True(killed.Checkpoint(mode));
        if (hasUnshipped)
        {
            killed.Database.Execute("insert into t values(50, 'unshipped')");
        }

        _world.CopyNode("a", "b");

        await using var owner = await _world.OpenAsync("b");

        Assert.Equal(Opening.Continued, owner.Replica.Opening);
        Assert.Equal(hasUnshipped ? "unshipped" : "", owner.Database.Scalar("select v from t where id=50"));
        Assert.Equal(new Txid(hasUnshipped ? 4u : 3u), await owner.Replica.ShipAsync(None));
        await RequireGoesOnAsync(owner, hasUnshipped ? 4u : 3u);
    }

    [Fact]
    public async Task A_kill_right_after_a_lost_answer_does_not_store_the_transaction_twice()
    {
        await using var killed = await WrittenAsync(2);
        _world.LoseNextAnswer();
        await Assert.ThrowsAsync<ObjectStoreException>(() => killed.WriteAsync("insert into t values(50, 'x')"));
        _world.CopyNode("a", "b");

        await using var owner = await _world.OpenAsync("b");

        Assert.Equal(Opening.Continued, owner.Replica.Opening);
        Assert.Equal(new Txid(3), owner.Replica.Position);
        Assert.Equal(new Txid(3), await owner.Replica.ShipAsync(None));
        await RequireGoesOnAsync(owner, 3);
    }

    [Fact]
    public async Task An_upload_of_the_killed_process_that_arrives_late_is_gone_on_from()
    {
        await using var killed = await WrittenAsync(2);
        _world.Store.FailNext(ObjectOperations.Create, ObjectFault.ArriveLate);
        await Assert.ThrowsAsync<ObjectStoreException>(() => killed.WriteAsync("insert into t values(50, 'x')"));
        _world.CopyNode("a", "b");
        await using (var owner = await _world.OpenAsync("b"))
        {
            owner.Database.Execute("insert into t values(51, 'y')");
            Assert.Equal(1, await _world.Store.DeliverLateWritesAsync());
            await Assert.ThrowsAsync<FencedException>(() => owner.Replica.ShipAsync(None).AsTask());
        }

        await using var later = await _world.OpenAsync("b");

        Assert.Equal(Opening.Continued, later.Replica.Opening);
        Assert.Equal(new Txid(3), later.Replica.Position);
        Assert.Equal(new Txid(4), await later.Replica.ShipAsync(None));
        Assert.Equal("y", later.Database.Scalar("select v from t where id=51"));
        await RequireGoesOnAsync(later, 4);
    }

    [Fact]
    public async Task After_a_kill_and_a_reboot_the_replica_is_restored()
    {
        await using var killed = await WrittenAsync(3);
        _world.CopyNode("a", "b");
        _world.Reboot();

        await using var owner = await _world.OpenAsync("b");

        Assert.Equal(Opening.Restored, owner.Replica.Opening);
        await RequireGoesOnAsync(owner, 3);
    }

    [Fact]
    public async Task After_a_kill_a_file_that_was_written_to_is_replaced()
    {
        await using var killed = await WrittenAsync(3);
        _world.CopyNode("a", "b");
        var content = await File.ReadAllBytesAsync(_world.DatabasePath("b"));
        await File.WriteAllBytesAsync(_world.DatabasePath("b"), content);

        await using var owner = await _world.OpenAsync("b");

        Assert.Equal(Opening.Restored, owner.Replica.Opening);
        Assert.Contains(_world.Log.Entries, entry => entry.EventId == Discarded);
        await RequireGoesOnAsync(owner, 3);
    }

    [Fact]
    public async Task After_a_kill_a_file_without_its_wal_is_replaced()
    {
        await using var killed = await WrittenAsync(3);
        _world.CopyNode("a", "b");
        File.Delete(_world.DatabasePath("b") + "-wal");

        await using var owner = await _world.OpenAsync("b");

        Assert.Equal(Opening.Restored, owner.Replica.Opening);
        await RequireGoesOnAsync(owner, 3);
    }

    [Fact]
    public async Task A_wal_whose_pages_are_not_those_of_the_replica_is_replaced()
    {
        await using var killed = await WrittenAsync(3);
        _world.CopyNode("a", "b");
        ReplaceContent(_world.File0(3));

        await using var owner = await _world.OpenAsync("b");

        Assert.Equal(Opening.Restored, owner.Replica.Opening);
        Assert.Equal(new Txid(3), owner.Replica.Position);
    }

    [Fact]
    public async Task When_another_owner_went_on_the_unshipped_commits_are_dropped_with_a_warning()
    {
        await using var killed = await WrittenAsync(2);
        killed.Database.Execute("insert into t values(50, 'never acknowledged by the replica')");
        _world.CopyNode("a", "b");
        await using (var other = await _world.OpenAsync("c"))
        {
            await other.WriteAsync("insert into t values(60, 'the other')");
        }

        await using var owner = await _world.OpenAsync("b");

        Assert.Equal(Opening.Restored, owner.Replica.Opening);
        Assert.Equal("", owner.Database.Scalar("select v from t where id=50"));
        Assert.Equal("the other", owner.Database.Scalar("select v from t where id=60"));
        Assert.Contains(
            _world.Log.Entries,
            entry => entry.EventId == Discarded && entry.Text.Contains("3 transactions", StringComparison.Ordinal));
        await RequireGoesOnAsync(owner, 3);
    }

    [Fact]
    public async Task When_another_owner_went_on_a_cleanly_closed_file_takes_its_transactions()
    {
        await (await WrittenAsync(2)).CloseCleanAsync();
        await using (var other = await _world.OpenAsync("c"))
        {
            await other.WriteAsync("insert into t values(60, 'the other')");
        }

        await using var owner = await _world.OpenAsync("a");

        Assert.Equal(Opening.CaughtUp, owner.Replica.Opening);
        await RequireGoesOnAsync(owner, 3);
    }

    [Fact]
    public async Task A_replica_that_was_replaced_by_one_of_the_same_length_is_noticed()
    {
        await (await WrittenAsync(2)).CloseCleanAsync();
        Directory.Delete(_world.ReplicaFolder, recursive: true);
        await using (var other = await _world.OpenAsync("c"))
        {
            await other.WriteAsync("insert into t values(7, 'another tenant')");
            await other.WriteAsync("insert into t values(8, 'another tenant')");
        }

        await using var owner = await _world.OpenAsync("a");

        Assert.Equal(Opening.Restored, owner.Replica.Opening);
        Assert.Equal("2", owner.Database.Scalar("select count(*) from t"));
    }

    [Theory]
    [InlineData("tenant 1", true, 1)]
    [InlineData("tenant 1", true, 3)]
    [InlineData("tenant 1", false, 3)]
    [InlineData("tenant 2", true, 1)]
    public async Task When_the_replica_lost_objects_that_this_node_stored_the_local_file_is_kept_aside(
        string lineage, bool isClean, int lost)
    {
        var options = _world.Options("a") with { Lineage = "tenant 1" };
        var owner = _world.Use("a", await DatabaseReplica.OpenAsync(options, None));
        for (var id = 1; id <= 3; id++)
        {
            await owner.WriteAsync($"insert into t values({id}, 'x')");
            Assert.True(owner.Checkpoint());
        }

        await (isClean ? owner.CloseCleanAsync() : owner.KillAsync());
        for (var txid = 3; txid > 3 - lost; txid--)
        {
            File.Delete(_world.File0((ulong)txid));
        }

        await using var later = _world.Use(
            "a", await DatabaseReplica.OpenAsync(options with { Lineage = lineage }, None));

        Assert.Equal(lost == 3 ? Opening.Empty : Opening.Restored, later.Replica.Opening);
        Assert.Equal(new Txid((ulong)(3 - lost)), later.Replica.Position);
        var aside = _world.DatabasePath("a") + "-set-aside";
        Assert.Equal(lineage == "tenant 1", File.Exists(aside));
        Assert.Equal(lineage == "tenant 1", _world.Log.Entries.Any(entry => entry.EventId == 1013));
        if (lineage == "tenant 1")
        {
            using var kept = new TestDatabase(aside);
            Assert.Equal("3", kept.Scalar("select count(*) from t"));
        }
    }

    [Fact]
    public async Task When_the_replica_is_gone_stale_local_files_are_removed()
    {
        await using (var killed = await WrittenAsync(2))
        {
            Directory.Delete(_world.ReplicaFolder, recursive: true);
        }

        var replica = await DatabaseReplica.OpenAsync(_world.Options("a"), None);

        Assert.Equal(Opening.Empty, replica.Opening);
        Assert.False(File.Exists(_world.DatabasePath("a")));
        Assert.False(File.Exists(_world.DatabasePath("a") + "-wal"));
        await replica.DisposeAsync();
    }

    [Theory]
    [InlineData("tenant 1", Opening.Continued)]
    [InlineData("tenant 2", Opening.Empty)]
    [InlineData(null, Opening.Empty)]
    public async Task First_commits_that_were_never_shipped_survive_a_kill_only_for_the_same_tenant(
        string? lineage, Opening expected)
    {
        var options = _world.Options("a") with { Lineage = "tenant 1" };
        await using (var owner = _world.Use("a", await DatabaseReplica.OpenAsync(options, None)))
        {
            owner.Database.Execute("insert into t values(1, 'acknowledged locally')");
        }

        await using var later = _world.Use(
            "a", await DatabaseReplica.OpenAsync(options with { Lineage = lineage }, None));

        Assert.Equal(expected, later.Replica.Opening);
        Assert.Equal(new Txid(expected == Opening.Continued ? 1u : 0u), await later.Replica.ShipAsync(None));
    }

    [Fact]
    public async Task A_kill_during_the_first_upload_goes_on_from_the_local_file()
    {
        var options = _world.Options("a") with { Lineage = "tenant 1" };
        await using (var owner = _world.Use("a", await DatabaseReplica.OpenAsync(options, None)))
        {
            _world.LoseNextAnswer();
            await Assert.ThrowsAsync<ObjectStoreException>(() => owner.WriteAsync("insert into t values(1, 'x')"));
        }

        await using var later = _world.Use("a", await DatabaseReplica.OpenAsync(options, None));

        Assert.Equal(Opening.Continued, later.Replica.Opening);
        await RequireGoesOnAsync(later, 1);
    }

    [Fact]
    public async Task A_replica_that_cannot_be_restored_leaves_local_files_untouched()
    {
        await using (var killed = await WrittenAsync(3))
        {
            killed.Database.Execute("insert into t values(50, 'unshipped')");
        }

        _world.Reboot();
        File.Delete(_world.File0(2));
        var wal = await File.ReadAllBytesAsync(_world.DatabasePath("a") + "-wal");

        var fault = await Assert.ThrowsAsync<RestoreException>(() => DatabaseReplica.OpenAsync(_world.Options("a"), None));

        Assert.Contains("gap", fault.Message, StringComparison.Ordinal);
        Assert.Equal(wal, await File.ReadAllBytesAsync(_world.DatabasePath("a") + "-wal"));
        Assert.True(File.Exists(_world.DatabasePath("a") + "-position"));
    }

    // The same transaction of the same WAL by its header, as if another machine had cloned the disk and gone on.
    private static void ReplaceContent(string path)
    {
        var reader = new LtxMemoryReader(File.ReadAllBytes(path));
        using var writer = new LtxWriter();
        writer.Begin(reader.Header);
        var page = new byte[reader.Header.PageSize];
        while (reader.ReadPage(page) is > 0 and var number)
        {
            // The end of a leaf of the table is its oldest row's blob; page 1 is the schema.
            page[^1] ^= number > 1 ? (byte)1 : (byte)0;
            writer.AddPage(number, page);
        }

        File.WriteAllBytes(path, writer.Complete().ToArray());
    }

    private async Task<ShippingWorld.Owner> WrittenAsync(int transactions)
    {
        var owner = await _world.OpenAsync("a");
        for (var id = 1; id <= transactions; id++)
        {
            await owner.WriteAsync($"insert into t values({id}, randomblob(3000))");
        }

        return owner;
    }

    private async Task RequireGoesOnAsync(ShippingWorld.Owner owner, uint position)
    {
        Assert.Equal(new Txid(position), owner.Replica.Position);
        Assert.Equal(new Txid(position + 1), await owner.WriteAsync("insert into t values(1000, 'goes on')"));
        await _world.RequireEqualAsync(owner);
        Assert.DoesNotContain(_world.Log.Entries, entry => entry.EventId == 1001);
    }
}
