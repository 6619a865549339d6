using Platform.Replication.Ltx;
using Platform.Replication.Maintenance;
using Platform.Replication.ObjectStore;
using Platform.Replication.Restoring;
using Platform.Testing.ObjectStores;

namespace Platform.Replication.Tests.Maintenance;

public sealed class ReplicaUpkeepTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly UpkeepWorld _world = new()
    {
        Options = new UpkeepOptions
        {
            FilesPerMerge = [4, 4],
            MergeFilesMin = 2,
            TransactionsKept = 0,
            DeletionsMin = 1,
            LookFiles = 4,
        },
    };

    private static CancellationToken None => CancellationToken.None;

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task An_idle_database_is_never_due_and_asks_nothing_of_the_store()
    {
        await using var owner = await _world.OpenAsync("a");
        Assert.False(owner.Upkeep.IsDue);
        await owner.WriteManyAsync(3, Second);
        Assert.True(owner.Upkeep.IsDue);
        await owner.Upkeep.RunAsync(None);
        var requests = _world.Store.Traffic.Requests(ObjectOperations.All);

        for (var day = 0; day < 60; day++)
        {
            _world.Time.Advance(TimeSpan.FromDays(1));
            Assert.False(owner.Upkeep.IsDue);
        }

        Assert.Equal(requests, _world.Store.Traffic.Requests(ObjectOperations.All));
    }

    [Fact]
    public async Task It_is_due_after_enough_files_or_after_some_time_with_any()
    {
        await using var owner = await _world.OpenAsync("a");
        await owner.WriteManyAsync(1, Second);
        await owner.Upkeep.RunAsync(None);

        await owner.WriteManyAsync(3, Second);
        Assert.False(owner.Upkeep.IsDue);
        await owner.WriteManyAsync(1, Second);
        Assert.True(owner.Upkeep.IsDue);
        await owner.Upkeep.RunAsync(None);
        await owner.WriteManyAsync(1, Second);
        Assert.False(owner.Upkeep.IsDue);
        _world.Time.Advance(_world.Options.LookInterval);
        Assert.True(owner.Upkeep.IsDue);
    }

    [Fact]
    public async Task Files_are_merged_up_the_levels_and_the_moments_between_go_after_their_time()
    {
        await using var owner = await _world.OpenAsync("a");
        await owner.WriteManyAsync(17, Second);
        Assert.Equal(new UpkeepResult(Merges: 5, Snapshots: 0, Deletions: 0), await owner.Upkeep.RunAsync(None));
        Assert.EndsWith("0/17 1/2-5 1/6-9 1/10-13 1/14-17 2/2-17", await _world.NamesAsync(), StringComparison.Ordinal);

        _world.Time.Advance(TimeSpan.FromHours(2));
        await owner.WriteManyAsync(1, Second);
        var result = await owner.Upkeep.RunAsync(None);

        Assert.Equal(new UpkeepResult(0, 0, Deletions: 16), result);
        Assert.Equal("0/1 0/18 1/2-5 1/6-9 1/10-13 1/14-17 2/2-17", await _world.NamesAsync());
        Assert.Equal(new Txid(18), await _world.RequireRestoresAsync());
        Assert.Equal(new Txid(9), await _world.RequireRestoresAsync(RestoreTarget.Before(_world.History[new Txid(12)].Time)));
        var fault = await Assert.ThrowsAsync<RestoreException>(
            () => _world.RequireRestoresAsync(RestoreTarget.At(new Txid(12))));
        Assert.Contains("0000000000000009", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deletion_that_was_cut_off_leaves_the_moments_around_it_restorable()
    {
        await using var owner = await _world.OpenAsync("a");
        await owner.WriteManyAsync(9, Second);
        await owner.Upkeep.RunAsync(None);
        File.Delete(_world.PathOf(0, 6, 6));

        Assert.Equal(new Txid(5), await _world.RequireRestoresAsync(RestoreTarget.Before(_world.History[new Txid(9)].Time)));
        Assert.Equal(new Txid(9), await _world.RequireRestoresAsync());
        await Assert.ThrowsAsync<RestoreException>(() => _world.RequireRestoresAsync(RestoreTarget.At(new Txid(8))));
    }

    [Fact]
    public async Task Nothing_is_deleted_while_its_replacement_is_not_whole()
    {
        await using var owner = await _world.OpenAsync("a");
        await owner.WriteManyAsync(5, Second);
        await owner.Upkeep.RunAsync(None);
        _world.Time.Advance(TimeSpan.FromHours(2));
        var merged = _world.PathOf(1, 2, 5);
        await File.WriteAllBytesAsync(merged, (await File.ReadAllBytesAsync(merged))[..^1]);
        await owner.WriteManyAsync(1, Second);

        Assert.Equal(default, await owner.Upkeep.RunAsync(None));

        Assert.Contains(_world.Log.Entries, entry => entry.EventId == 1023);
        Assert.Contains("0/2 0/3 0/4 0/5", await _world.NamesAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_somebody_else_removed_is_learned_by_one_listing()
    {
        await using var owner = await _world.OpenAsync("a");
        await owner.WriteManyAsync(5, Second);
        File.Delete(_world.PathOf(0, 3, 3));
        var lists = _world.Store.Traffic.Requests(ObjectOperations.List);

        Assert.Equal(default, await owner.Upkeep.RunAsync(None));
        _world.Time.Advance(TimeSpan.FromMinutes(10));
        await owner.WriteManyAsync(1, Second);
        await owner.Upkeep.RunAsync(None);

        Assert.Equal(lists + 1, _world.Store.Traffic.Requests(ObjectOperations.List));
        Assert.Contains(_world.Log.Entries, entry => entry.EventId == 1024);
    }

    [Fact]
    public async Task A_damaged_input_is_named_and_a_snapshot_makes_the_newest_state_restorable()
    {
        await using var owner = await _world.OpenAsync("a");
        await owner.WriteManyAsync(5, Second);
        var content = await File.ReadAllBytesAsync(_world.PathOf(0, 3, 3));
        content[150] ^= 1;
        await File.WriteAllBytesAsync(_world.PathOf(0, 3, 3), content);
        await Assert.ThrowsAsync<RestoreException>(() => _world.RequireRestoresAsync());

        var result = await owner.Upkeep.RunAsync(None);

        Assert.Equal(new UpkeepResult(Merges: 0, Snapshots: 1, Deletions: 0), result);
        var (_, text) = Assert.Single(_world.Log.Entries, entry => entry.EventId == 1020);
        Assert.Contains("0000000000000003-0000000000000003.ltx", text, StringComparison.Ordinal);
        Assert.Equal(new Txid(5), await _world.RequireRestoresAsync());
    }

    [Fact]
    public async Task After_a_failure_it_waits_and_then_goes_on()
    {
        await using var owner = await _world.OpenAsync("a");
        await owner.WriteManyAsync(5, Second);
        _world.Store.FailNext(ObjectOperations.Create, ObjectFault.LoseAnswer);
        await Assert.ThrowsAsync<ObjectStoreException>(() => owner.Upkeep.RunAsync(None));
        Assert.False(owner.Upkeep.IsDue);

        _world.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.True(owner.Upkeep.IsDue);
        Assert.Equal(1, (await owner.Upkeep.RunAsync(None)).Merges);
        Assert.Equal("0/1 0/2 0/3 0/4 0/5 1/2-5", await _world.NamesAsync());
        Assert.DoesNotContain(_world.Log.Entries, entry => entry.EventId == 1021);
    }

    [Fact]
    public async Task A_stopped_run_ends_and_no_other_begins()
    {
        await using var owner = await _world.OpenAsync("a");
        await owner.WriteManyAsync(5, Second);
        var gate = _world.Store.Hold(ObjectOperations.Create);
        var running = owner.Upkeep.RunAsync(None);
        await gate.ArrivalAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(default, await owner.Upkeep.RunAsync(None));

        await owner.Upkeep.DisposeAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(default, await owner.Upkeep.RunAsync(None));
    }

    [Fact]
    public async Task The_next_owner_goes_on_from_the_listing()
    {
        await using (var first = await _world.OpenAsync("a"))
        {
            await first.WriteManyAsync(7, Second);
            await first.Upkeep.RunAsync(None);
        }

        _world.Time.Advance(TimeSpan.FromHours(2));
        await using var second = await _world.OpenAsync("b");
        await second.WriteManyAsync(2, Second);
        Assert.Equal(new UpkeepResult(1, 0, 0), await second.Upkeep.RunAsync(None));

        // By the store's clock alone it could not be told how old the merged file was: nothing newer was there.
        _world.Time.Advance(TimeSpan.FromHours(2));
        await using var third = await _world.OpenAsync("c");
        await third.WriteManyAsync(1, Second);
        Assert.Equal(new UpkeepResult(0, 0, Deletions: 4), await third.Upkeep.RunAsync(None));
        Assert.Equal("0/1 0/6 0/7 0/8 0/9 0/10 1/2-5 1/6-9", await _world.NamesAsync());
        Assert.Equal(new Txid(10), await _world.RequireRestoresAsync());
    }

    [Fact]
    public async Task A_snapshot_is_written_when_a_restore_would_download_the_database_twice()
    {
        await using var owner = await _world.OpenAsync("a");
        await owner.WriteAsync("insert into t(v) values(randomblob(3000000))");
        _world.Time.Advance(TimeSpan.FromMinutes(20));
        await owner.WriteAsync("insert into t(v) values(randomblob(2000000))");
        Assert.Equal(0, (await owner.Upkeep.RunAsync(None)).Snapshots);
        _world.Time.Advance(TimeSpan.FromMinutes(20));
        await owner.WriteAsync("update t set v = randomblob(length(v))");

        Assert.Equal(1, (await owner.Upkeep.RunAsync(None)).Snapshots);
        await owner.WriteAsync("update t set v = randomblob(length(v))");
        await owner.WriteAsync("update t set v = randomblob(length(v))");
        _world.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(0, (await owner.Upkeep.RunAsync(None)).Snapshots);

        Assert.Contains("9/1-3", await _world.NamesAsync(), StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromMinutes(10), owner.Upkeep.SnapshotAge);
        await _world.RequireRestoresAsync();
    }

    [Fact]
    public void Options_that_break_the_rules_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new UpkeepOptions { DeletionGrace = TimeSpan.FromMinutes(9) }.Validate());
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new UpkeepOptions { Retention = TimeSpan.FromMinutes(30) }.Validate());
        Assert.Throws<ArgumentOutOfRangeException>(() => new UpkeepOptions { FilesPerMerge = [64, 1] }.Validate());
        new UpkeepOptions().Validate();
    }
}
