using Platform.Replication.Fencing;
using Platform.Replication.Ltx;
using Platform.Replication.ObjectStore;
using Platform.Replication.Restoring;
using Platform.Replication.Shipping;
using Platform.Testing.ObjectStores;

namespace Platform.Replication.Tests.Shipping;

public sealed class DatabaseReplicaTests : IDisposable
{
    private readonly ShippingWorld _world = new();

    private static CancellationToken None => CancellationToken.None;

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_database_that_was_never_written_to_has_no_object()
    {
        await using var owner = await _world.OpenAsync("a");

        Assert.Equal(Opening.Empty, owner.Replica.Opening);
        Assert.Equal(Txid.None, await owner.Replica.ShipAsync(None));
        Assert.False(Directory.Exists(_world.ReplicaFolder));
    }

    [Fact]
    public async Task Each_shipped_group_is_one_transaction_and_restores_to_the_source()
    {
        await using var owner = await _world.OpenAsync("a");

        Assert.Equal(new Txid(1), await owner.WriteAsync("insert into t values(1, 'one')"));
        Assert.Equal(new Txid(2), await owner.WriteAsync("insert into t values(2, randomblob(50000))"));
        owner.Database.Execute("insert into t values(3, 'three')");
        Assert.Equal(new Txid(3), await owner.WriteAsync("insert into t values(4, 'four')"));

        Assert.True(owner.Replica.WalBytes > 50000);
        Assert.Equal(0, owner.Replica.UnshippedBytes);
        await _world.RequireEqualAsync(owner);
        Assert.Equal(0, owner.Replica.WalBytes);
    }

    [Fact]
    public async Task Without_new_commits_nothing_is_asked_of_the_store()
    {
        await using var owner = await _world.OpenAsync("a");
        await owner.WriteAsync("insert into t values(1, 'one')");
        var requests = _world.Store.Traffic.Requests(ObjectOperations.All);

        Assert.Equal(new Txid(1), await owner.Replica.ShipAsync(None));
        owner.Database.Execute("begin; insert into t values(2, 'two')");
        Assert.Equal(new Txid(1), await owner.Replica.ShipAsync(None));
        owner.Database.Execute("rollback");
        Assert.Equal(new Txid(1), await owner.Replica.ShipAsync(None));

        Assert.Equal(requests, _world.Store.Traffic.Requests(ObjectOperations.All));
    }

    [Theory]
    [InlineData("truncate")]
    [InlineData("restart")]
    public async Task Shipping_goes_on_across_checkpoints(string mode)
    {
        await using var owner = await _world.OpenAsync("a");
        for (var round = 0; round < 5; round++)
        {
            await owner.WriteAsync($"insert into t values({(2 * round) + 1}, randomblob(9000))");
            Assert.True(owner.Checkpoint(mode));
            Assert.Equal(0, owner.Replica.WalBytes);
        }

        Assert.Equal(new Txid(5), owner.Replica.Position);
        await _world.RequireEqualAsync(owner);
        Assert.DoesNotContain(_world.Log.Entries, entry => entry.EventId == 1001);
    }

    [Fact]
    public async Task At_rest_no_file_is_open_and_shipping_goes_on_afterwards()
    {
        var owner = await _world.OpenAsync("a");
        await owner.WriteAsync("insert into t values(1, randomblob(9000))");
        Assert.True(owner.Replica.HoldsFiles);
        Assert.True(owner.Checkpoint());
        owner.Database.Dispose();
        Assert.True(owner.Replica.TryRest());
        Assert.False(owner.Replica.HoldsFiles);
        Assert.Empty(OpenFiles(_world.Folder["a"]));
        Assert.Equal(new Txid(1), await owner.Replica.ShipAsync(None));

        await using var awake = owner with { Database = new TestDatabase(_world.DatabasePath("a")) };
        Assert.Equal(new Txid(2), await awake.WriteAsync("insert into t values(2, randomblob(9000))"));
        await _world.RequireEqualAsync(awake);
        Assert.DoesNotContain(_world.Log.Entries, entry => entry.EventId == 1001);
    }

    [Fact]
    public async Task A_wal_that_was_replaced_during_the_rest_is_noticed_and_nothing_is_lost()
    {
        var owner = await _world.OpenAsync("a");
        await owner.WriteAsync("insert into t values(1, randomblob(9000))");
        owner.Database.Dispose();
        Assert.True(owner.Replica.TryRest());

        // A stranger with a shell: he folds the WAL into the database, writes, and takes his WAL with him.
        using (var stranger = new TestDatabase(_world.DatabasePath("a")))
        {
            Assert.True(stranger.Checkpoint());
            stranger.Execute("insert into t values(2, 'strange')");
            Assert.True(stranger.Checkpoint());
        }

        await using var awake = owner with { Database = new TestDatabase(_world.DatabasePath("a")) };
        Assert.Equal(new Txid(2), await awake.WriteAsync("insert into t values(3, 'three')"));
        await _world.RequireEqualAsync(awake);
        Assert.Contains(_world.Log.Entries, entry => entry.EventId == 1001);
    }

    [Fact]
    public async Task What_is_not_shipped_keeps_the_files_open()
    {
        await using var owner = await _world.OpenAsync("a");
        await owner.WriteAsync("insert into t values(1, 'one')");
        owner.Database.Execute("insert into t values(2, 'two')");
        Assert.False(owner.Replica.TryRest());
        Assert.True(owner.Replica.HoldsFiles);
        Assert.Equal(new Txid(2), await owner.Replica.ShipAsync(None));
    }

    [Fact]
    public async Task No_checkpoint_begins_while_commits_are_not_shipped()
    {
        await using var owner = await _world.OpenAsync("a");
        Assert.False(owner.Replica.TryBeginCheckpoint());
        await owner.WriteAsync("insert into t values(1, 'one')");
        owner.Database.Execute("insert into t values(2, 'two')");

        Assert.False(owner.Replica.TryBeginCheckpoint());
        Assert.True(owner.Replica.UnshippedBytes > 0);

        await owner.Replica.ShipAsync(None);
        Assert.True(owner.Replica.TryBeginCheckpoint());
        Assert.False(owner.Replica.TryBeginCheckpoint());
        Assert.False(await owner.Replica.SnapshotAsync(None));
        Assert.Equal(new Txid(2), await owner.Replica.ShipAsync(None));
        owner.Replica.EndCheckpoint(completed: false);
        Assert.Equal(new Txid(3), await owner.WriteAsync("insert into t values(3, 'three')"));
        await _world.RequireEqualAsync(owner);
    }

    [Fact]
    public async Task A_checkpoint_by_somebody_else_is_repaired_with_an_image_of_the_whole_database()
    {
        await using var owner = await _world.OpenAsync("a");
        await owner.WriteAsync("insert into t values(1, 'one')");
        owner.Database.Execute("insert into t values(2, 'two')");
        Assert.True(owner.Database.Checkpoint());

        Assert.Equal(new Txid(2), await owner.WriteAsync("insert into t values(3, 'three')"));

        Assert.Contains(_world.Log.Entries, entry => entry.EventId == 1001);
        await _world.RequireEqualAsync(owner);
    }

    [Fact]
    public async Task A_lost_answer_is_recognised_as_our_own_file()
    {
        await using var owner = await _world.OpenAsync("a");
        await owner.WriteAsync("insert into t values(1, 'one')");
        _world.LoseNextAnswer();

        owner.Database.Execute("insert into t values(2, 'two')");
        await Assert.ThrowsAsync<ObjectStoreException>(() => owner.Replica.ShipAsync(None).AsTask());
        Assert.Equal(new Txid(1), owner.Replica.Position);
        Assert.False(owner.Replica.TryBeginCheckpoint());

        owner.Database.Execute("insert into t values(3, 'three')");
        Assert.Equal(new Txid(3), await owner.Replica.ShipAsync(None));
        await _world.RequireEqualAsync(owner);
    }

    [Theory]
    [InlineData(ObjectFault.Duplicate)]
    [InlineData(ObjectFault.ArriveLate)]
    public async Task A_file_that_arrives_twice_or_late_does_no_harm(ObjectFault fault)
    {
        await using var owner = await _world.OpenAsync("a");
        _world.Store.FailNext(ObjectOperations.Create, fault);
        owner.Database.Execute("insert into t values(1, 'one')");
        if (fault == ObjectFault.ArriveLate)
        {
            await Assert.ThrowsAsync<ObjectStoreException>(() => owner.Replica.ShipAsync(None).AsTask());
        }

        Assert.Equal(new Txid(1), await owner.Replica.ShipAsync(None));
        await owner.WriteAsync("insert into t values(2, 'two')");
        Assert.Equal(fault == ObjectFault.ArriveLate ? 1 : 0, await _world.Store.DeliverLateWritesAsync());
        await _world.RequireEqualAsync(owner);
    }

    [Fact]
    public async Task An_outage_is_caught_up_with_the_first_file_unchanged()
    {
        await using var owner = await _world.OpenAsync("a");
        await owner.WriteAsync("insert into t values(1, 'one')");
        _world.Store.IsOut = true;
        for (var id = 2; id < 20; id++)
        {
            owner.Database.Execute($"insert into t values({id}, randomblob(1000))");
            await Assert.ThrowsAsync<ObjectStoreException>(() => owner.Replica.ShipAsync(None).AsTask());
        }

        Assert.True(owner.Replica.UnshippedBytes > 18 * 4096);
        _world.Store.IsOut = false;

        Assert.Equal(new Txid(3), await owner.Replica.ShipAsync(None));
        Assert.Equal(0, owner.Replica.UnshippedBytes);
        await _world.RequireEqualAsync(owner);
    }

    [Fact]
    public async Task A_backlog_is_shipped_in_pieces_of_bounded_size()
    {
        await using var replica = await DatabaseReplica.OpenAsync(
            _world.Options("a") with { WalBytesPerFileMax = 20000 }, None);
        await using var owner = _world.Use("a", replica);
        await owner.WriteAsync("insert into t values(1, 'one')");
        for (var id = 2; id < 40; id++)
        {
            owner.Database.Execute($"insert into t values({id}, randomblob(1000))");
        }

        var position = await owner.Replica.ShipAsync(None);

        Assert.InRange(position.Value, 5ul, 30ul);
        await _world.RequireEqualAsync(owner);
    }

    [Fact]
    public async Task Cancellation_keeps_the_file_for_the_next_call()
    {
        await using var owner = await _world.OpenAsync("a");
        using var cancellation = new CancellationTokenSource();
        var gate = _world.Store.Hold(ObjectOperations.Create);
        owner.Database.Execute("insert into t values(1, 'one')");
        var shipping = owner.Replica.ShipAsync(cancellation.Token).AsTask();
        await gate.ArrivalAsync(TimeSpan.FromSeconds(30));
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => shipping);
        gate.Open();

        Assert.Equal(new Txid(1), await owner.Replica.ShipAsync(None));
        await _world.RequireEqualAsync(owner);
    }

    [Fact]
    public async Task Of_two_owners_one_is_fenced_for_good()
    {
        await using var first = await _world.OpenAsync("a");
        await first.WriteAsync("insert into t values(1, 'one')");
        await using var second = await _world.OpenAsync("b");
        Assert.Equal(Opening.Restored, second.Replica.Opening);
        await second.WriteAsync("insert into t values(2, 'second')");

        var fenced = await Assert.ThrowsAsync<FencedException>(() => first.WriteAsync("insert into t values(2, 'first')"));
        Assert.EndsWith("/0000000000000002-0000000000000002.ltx", fenced.Key, StringComparison.Ordinal);
        await Assert.ThrowsAsync<FencedException>(() => first.Replica.ShipAsync(None).AsTask());
        Assert.Throws<FencedException>(() => first.Replica.TryBeginCheckpoint());
        await Assert.ThrowsAsync<FencedException>(() => first.Replica.SnapshotAsync(None));

        await _world.RequireEqualAsync(second);
    }

    [Fact]
    public async Task A_snapshot_restores_alone_and_with_what_follows()
    {
        await using var owner = await _world.OpenAsync("a");
        Assert.False(await owner.Replica.SnapshotAsync(None));
        await owner.WriteAsync("insert into t values(1, randomblob(20000))");
        await owner.WriteAsync("insert into t values(2, 'two')");
        owner.Database.Execute("insert into t values(3, 'not shipped yet')");

        Assert.True(await owner.Replica.SnapshotAsync(None));
        Assert.True(await owner.Replica.SnapshotAsync(None));
        File.Delete(_world.File0(1));
        Assert.Equal(new Txid(2), (await _world.RestoreAsync(_world.Folder["at2.db"])).Txid);
        using (var restored = new TestDatabase(_world.Folder["at2.db"]))
        {
            Assert.Equal("2", restored.Scalar("select count(*) from t"));
        }

        await owner.Replica.ShipAsync(None);
        await _world.RequireEqualAsync(owner);
        Assert.True(await owner.Replica.SnapshotAsync(None));
        await owner.WriteAsync("insert into t values(4, 'four')");
        await _world.RequireEqualAsync(owner);
    }

    [Fact]
    public async Task Every_transaction_and_moment_can_be_restored()
    {
        await using var owner = await _world.OpenAsync("a");
        var sources = new List<byte[]>();
        for (var id = 1; id <= 6; id++)
        {
            await owner.WriteAsync($"insert into t values({id}, randomblob(3000))");
            Assert.True(owner.Checkpoint());
            sources.Add(await File.ReadAllBytesAsync(owner.Database.Path));
        }

        for (var id = 1; id <= 6; id++)
        {
            await _world.RestoreAsync(_world.Folder["at.db"], RestoreTarget.At(new Txid((ulong)id)));
            Assert.Equal(sources[id - 1], await File.ReadAllBytesAsync(_world.Folder["at.db"]));
        }
    }

    private static IEnumerable<string> OpenFiles(string folder) => new DirectoryInfo("/proc/self/fd").GetFiles()
        .Select(file => file.LinkTarget ?? "").Where(target => target.StartsWith(folder, StringComparison.Ordinal));
}
