using Platform.Replication.Fencing;
using Platform.Replication.Ltx;
using Platform.Replication.ObjectStore;
using Platform.Replication.Restoring;
using Platform.Replication.Rewinding;
using Platform.Replication.Tests.Shipping;
using Platform.Testing;
using Platform.Testing.ObjectStores;
using Platform.Testing.Processes;

namespace Platform.Replication.Tests.Rewinding;

public sealed class ReplicaRewindTests : IDisposable
{
    private readonly RewindWorld _world = new();

    private static CancellationToken None => CancellationToken.None;

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Any_transaction_of_a_random_life_can_be_gone_back_to_and_life_goes_on(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 4; round++)
        {
            await using (var owner = await _world.World.OpenAsync($"node-{round}"))
            {
                await _world.LiveAsync(owner, random, steps: 12);
            }

            var (wanted, state) = _world.States.ElementAt(random.Next(_world.States.Count));
            var newest = _world.States.Keys.Last();
            var rewound = await _world.RewindAsync(RestoreTarget.At(wanted));
            Assert.Equal((newest, wanted), (rewound.Before, rewound.Restored));
            Assert.Equal(wanted == newest ? newest : newest.Next, rewound.Txid);
            _world.States[rewound.Txid] = state;
        }

        await using var last = await _world.World.OpenAsync("last");
        Assert.Equal(_world.States.Values.Last(), RewindWorld.Content(last.Database));
        await _world.LiveAsync(last, random, steps: 3);
        foreach (var (txid, state) in _world.States)
        {
            Assert.Equal(state, await _world.PastContentAsync(RestoreTarget.At(txid)));
        }
    }

    [Fact]
    public async Task A_rewind_can_be_undone()
    {
        await using (var owner = await _world.World.OpenAsync("a"))
        {
            await _world.WriteAsync(owner, "insert into t values(1, 'first')");
            await _world.WriteAsync(owner, "insert into t values(2, randomblob(50000))");
        }

        var there = await _world.RewindAsync(RestoreTarget.At(new Txid(1)));
        Assert.Equal(_world.States[new Txid(1)], await _world.PastContentAsync(RestoreTarget.Newest));
        var back = await _world.RewindAsync(RestoreTarget.At(there.Before));
        Assert.Equal(new Txid(4), back.Txid);
        Assert.Equal(_world.States[new Txid(2)], await _world.PastContentAsync(RestoreTarget.Newest));
    }

    [Fact]
    public async Task The_present_state_is_not_written_again()
    {
        await using (var owner = await _world.World.OpenAsync("a"))
        {
            await owner.WriteAsync("insert into t values(1, 'first')");
        }

        var writes = _world.World.Store.Traffic.Requests(ObjectOperations.Writes);
        var rewound = await _world.RewindAsync(RestoreTarget.Newest);
        Assert.False(rewound.IsChanged);
        Assert.Equal(writes, _world.World.Store.Traffic.Requests(ObjectOperations.Writes));
    }

    [Fact]
    public async Task A_lost_answer_is_found_to_be_a_success()
    {
        await using (var owner = await _world.World.OpenAsync("a"))
        {
            await _world.WriteAsync(owner, "insert into t values(1, 'first')");
            await _world.WriteAsync(owner, "insert into t values(2, 'second')");
        }

        _world.World.Store.FailNext(ObjectOperations.Create, ObjectFault.Duplicate);
        Assert.Equal(new Txid(3), (await _world.RewindAsync(RestoreTarget.At(new Txid(1)))).Txid);
    }

    [Fact]
    public async Task An_owner_that_wrote_the_next_transaction_meanwhile_wins()
    {
        await using var owner = await _world.World.OpenAsync("a");
        await _world.WriteAsync(owner, "insert into t values(1, 'first')");
        await _world.WriteAsync(owner, "insert into t values(2, 'second')");
        var gate = _world.World.Store.Hold(ObjectOperations.Create);
        var rewind = _world.RewindAsync(RestoreTarget.At(new Txid(1)));
        await gate.ArrivalAsync(TimeSpan.FromSeconds(30));
        await File.WriteAllTextAsync(_world.World.File0(3), "another owner's file");
        gate.Open();
        Assert.Contains("0000000000000003", (await Assert.ThrowsAsync<FencedException>(() => rewind)).Key);
    }

    [Fact]
    public async Task A_damaged_present_is_left_behind_by_going_back_before_it()
    {
        await using (var owner = await _world.World.OpenAsync("a"))
        {
            await _world.WriteAsync(owner, "insert into t values(1, 'first')");
            await _world.WriteAsync(owner, "insert into t values(2, 'second')");
            await _world.WriteAsync(owner, "insert into t values(3, 'third')");
            await _world.WriteAsync(owner, "insert into t values(4, 'fourth')");
        }

        File.Delete(_world.World.File0(3));
        var broken = await Assert.ThrowsAsync<RestoreException>(() => _world.RewindAsync(RestoreTarget.Newest));
        Assert.Contains("after transaction 0000000000000002", broken.Message);
        Assert.Equal(new Txid(5), (await _world.RewindAsync(RestoreTarget.At(new Txid(2)))).Txid);
        await using var next = await _world.World.OpenAsync("b");
        Assert.Equal(_world.States[new Txid(2)], RewindWorld.Content(next.Database));
    }

    [Fact]
    public async Task A_truncated_file_is_named_and_nothing_is_written()
    {
        await using (var owner = await _world.World.OpenAsync("a"))
        {
            await _world.WriteAsync(owner, "insert into t values(1, 'first')");
            await _world.WriteAsync(owner, "insert into t values(2, 'second')");
            await _world.WriteAsync(owner, "insert into t values(3, 'third')");
        }

        using (var file = File.OpenWrite(_world.World.File0(2)))
        {
            file.SetLength(file.Length - 5);
        }

        var writes = _world.World.Store.Traffic.Requests(ObjectOperations.Writes);
        var damaged = await Assert.ThrowsAsync<RestoreException>(() => _world.RewindAsync(RestoreTarget.At(new Txid(2))));
        Assert.EndsWith("0000000000000002-0000000000000002.ltx", damaged.Key);
        Assert.Equal(writes, _world.World.Store.Traffic.Requests(ObjectOperations.Writes));
        Assert.Empty(Directory.GetFiles(_world.World.Folder["scratch"]));
    }

    [Fact]
    public async Task A_snapshot_that_cannot_be_stored_does_not_take_the_rewind_back()
    {
        await using (var owner = await _world.World.OpenAsync("a"))
        {
            await _world.WriteAsync(owner, "insert into t values(1, 'first')");
            await _world.WriteAsync(owner, "insert into t values(2, 'second')");
        }

        _world.World.Store.FailNext(
            ObjectOperations.Create, ObjectFault.FailBefore, keys: key => key.Contains("/9/", StringComparison.Ordinal));
        Assert.True((await _world.RewindAsync(RestoreTarget.At(new Txid(1)))).IsChanged);
        Assert.Equal(_world.States[new Txid(1)], await _world.PastContentAsync(RestoreTarget.Newest));
    }

    [Fact]
    public async Task An_image_begins_another_replica_and_an_occupied_path_is_refused()
    {
        await using (var owner = await _world.World.OpenAsync("a"))
        {
            await _world.WriteAsync(owner, "insert into t values(1, randomblob(100000))");
            await _world.WriteAsync(owner, "delete from t");
        }

        var image = await PastImage.RestoreAsync(_world.Options(), RestoreTarget.At(new Txid(1)), None);
        await ReplicaSeed.RunAsync(_world.World.Store, "tenants/copy/data.db", image, TimeProvider.System, None);
        Assert.Equal(
            _world.States[new Txid(1)], await _world.PastContentAsync(RestoreTarget.Newest, "tenants/copy/data.db"));
        var occupied = await Assert.ThrowsAsync<RestoreException>(() => ReplicaSeed.RunAsync(
            _world.World.Store, ShippingWorld.ReplicaPath, image, TimeProvider.System, None));
        Assert.Equal(ShippingWorld.ReplicaPath, occupied.Key);
    }

    [Fact]
    public async Task While_the_store_is_away_nothing_happens()
    {
        await using (var owner = await _world.World.OpenAsync("a"))
        {
            await _world.WriteAsync(owner, "insert into t values(1, 'first')");
        }

        _world.World.Store.IsOut = true;
        await Assert.ThrowsAsync<ObjectStoreException>(() => _world.RewindAsync(RestoreTarget.Newest));
        Assert.Empty(Directory.GetFiles(_world.World.Folder["scratch"]));
    }

    [Fact]
    [Trait("needs", "npm")]
    public async Task Stock_litestream_reads_a_replica_that_went_back_and_on()
    {
        await using (var owner = await _world.World.OpenAsync("a"))
        {
            await owner.WriteAsync("insert into t values(1, randomblob(3000))");
            await owner.WriteAsync("insert into t values(2, randomblob(300000))");
            await owner.WriteAsync("insert into t values(3, randomblob(300000))");
        }

        await _world.RewindAsync(RestoreTarget.At(new Txid(1)));
        await using var next = await _world.World.OpenAsync("b");
        await next.WriteAsync("insert into t values(4, randomblob(70000))");
        await _world.World.RequireEqualAsync(next);
        var packages = await NodePackages.InstallAsync("tests/EndToEnd/Replica/litestream");
        var result = await Command.RunAsync(
            "python3",
            [
                RepositoryFolder.Path("tests/tools/verify_replica.py"),
                "--npm-dir", packages,
                "--file", _world.World.ReplicaFolder,
                "--expect-txid", "0000000000000005",
                "--expect-db", next.Database.Path,
                "--sql", "select count(*) from t",
                "--expect", "2",
            ]);
        Assert.True(result.ExitCode == 0, result.ToString());
    }
}
