using Platform.Replication.Ltx;
using Platform.Replication.ObjectStore;
using Platform.Replication.Scrubbing;
using Platform.Replication.Tests.Maintenance;
using Platform.Replication.Tests.Shipping;
using Platform.Testing.ObjectStores;

namespace Platform.Replication.Tests.Scrubbing;

public sealed class ReplicaScrubTests : IDisposable
{
    private readonly UpkeepWorld _world = new();

    private static CancellationToken None => CancellationToken.None;

    private ScrubOptions Options => new()
    {
        ScratchPath = _world.Folder["verify.db"],
        CheckIntegrity = (path, _) =>
        {
            using var database = new TestDatabase(path);
            var answer = database.Scalar("pragma integrity_check");
            return Task.FromResult(answer == "ok" ? null : answer);
        },
    };

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData(512, false)]
    [InlineData(4096, true)]
    [InlineData(65536, false)]
    public async Task A_sound_replica_is_verified_with_and_without_a_wal(int pageBytes, bool isCheckpointed)
    {
        await using var owner = await _world.OpenAsync("a", pageBytes);
        await owner.WriteAsync("insert into t(v) values(randomblob(300000))");
        await owner.WriteAsync("delete from t; vacuum");
        await owner.WriteAsync("insert into t(v) values(randomblob(90000))");
        Assert.True(!isCheckpointed || owner.Checkpoint());
        Assert.False(owner.Upkeep.IsVerified);
        // What is not shipped yet does not count.
        owner.Database.Execute("insert into t(v) values('later')");

        Assert.Equal(ScrubOutcome.Verified, await owner.Upkeep.VerifyAsync(Options, None));

        Assert.True(owner.Upkeep.IsVerified);
        Assert.Empty(Directory.GetFiles(_world.Folder[""], "verify*"));
        Assert.True(await owner.TryShipAsync());
        Assert.False(owner.Upkeep.IsVerified);
    }

    [Fact]
    public async Task Without_anything_shipped_there_is_nothing_to_verify()
    {
        await using var owner = await _world.OpenAsync("a");
        var requests = _world.Store.Traffic.Requests(ObjectOperations.All);

        Assert.Equal(ScrubOutcome.Skipped, await owner.Upkeep.VerifyAsync(Options, None));

        Assert.Equal(requests, _world.Store.Traffic.Requests(ObjectOperations.All));
    }

    [Theory]
    [InlineData("flipped", 0, 3, 3)]
    [InlineData("shorter", 0, 4, 4)]
    [InlineData("missing", 0, 2, 2)]
    [InlineData("flipped", 0, 1, 1)]
    [InlineData("flipped", 9, 1, 4)]
    [InlineData("missing", 9, 1, 4)]
    public async Task What_is_damaged_is_named_and_mended_by_a_snapshot(string damage, int level, ulong min, ulong max)
    {
        await using var owner = await _world.OpenAsync("a");
        await owner.WriteManyAsync(4, TimeSpan.FromSeconds(1));
        if (level == 9)
        {
            Assert.True(await owner.Replica.SnapshotAsync(None));
            File.Delete(_world.PathOf(0, 1, 1));
        }

        var path = _world.PathOf(level, min, max);
        Break(path, damage);

        Assert.Equal(ScrubOutcome.Repaired, await owner.Upkeep.VerifyAsync(Options, None));

        var named = damage == "missing" ? "tenants/acme/data.db" : Path.GetFileName(path);
        Assert.Contains(_world.Log.Entries, entry => entry.EventId == 1025 && entry.Text.Contains(named));
        Assert.Equal(new Txid(4), await _world.RequireRestoresAsync());
        await owner.WriteManyAsync(1, TimeSpan.FromSeconds(1));
        Assert.Equal(ScrubOutcome.Verified, await owner.Upkeep.VerifyAsync(Options, None));
        Assert.Equal(new Txid(5), await _world.RequireRestoresAsync());
    }

    [Fact]
    public async Task A_whole_replica_of_something_else_stops_all_deletion_and_is_not_overwritten()
    {
        await using (var other = await _world.OpenAsync("other"))
        {
            await other.WriteAsync("insert into t(v) values('one')");
        }

        var image = await File.ReadAllBytesAsync(_world.PathOf(0, 1, 1));
        File.Delete(_world.PathOf(0, 1, 1));
        await using var owner = await _world.OpenAsync("a");
        await owner.WriteAsync("insert into t(v) values('two')");
        await File.WriteAllBytesAsync(_world.PathOf(0, 1, 1), image);

        Assert.Equal(ScrubOutcome.Different, await owner.Upkeep.VerifyAsync(Options, None));

        Assert.Contains(_world.Log.Entries, entry => entry.EventId == 1026);
        Assert.Equal("0/1", await _world.NamesAsync());
        await owner.WriteManyAsync(100, TimeSpan.FromHours(1));
        Assert.False(owner.Upkeep.IsDue);
        Assert.True((await owner.Upkeep.RunAsync(None)).IsNothing);
        Assert.False(owner.Upkeep.IsVerified);
    }

    [Fact]
    public async Task A_database_that_sqlite_finds_corrupt_is_reported()
    {
        await using var owner = await _world.OpenAsync("a");
        await owner.WriteManyAsync(2, TimeSpan.FromSeconds(1));
        var options = Options with { CheckIntegrity = (_, _) => Task.FromResult<string?>("row 1 missing from index") };

        Assert.Equal(ScrubOutcome.Different, await owner.Upkeep.VerifyAsync(options, None));

        Assert.Contains(_world.Log.Entries, entry => entry.EventId == 1027 && entry.Text.Contains("row 1 missing"));
    }

    [Fact]
    public async Task When_storage_fails_nothing_is_said_and_nothing_left()
    {
        await using var owner = await _world.OpenAsync("a");
        await owner.WriteManyAsync(2, TimeSpan.FromSeconds(1));
        _world.Store.IsOut = true;

        await Assert.ThrowsAsync<ObjectStoreException>(() => owner.Upkeep.VerifyAsync(Options, None));

        _world.Store.IsOut = false;
        Assert.DoesNotContain(_world.Log.Entries, entry => entry.EventId is >= 1025 and <= 1027);
        Assert.Empty(Directory.GetFiles(_world.Folder[""], "verify*"));
        Assert.Equal(ScrubOutcome.Verified, await owner.Upkeep.VerifyAsync(Options, None));
    }

    [Fact]
    public async Task A_verification_beside_a_busy_writer_compares_one_moment()
    {
        await using var owner = await _world.OpenAsync("a");
        await owner.WriteManyAsync(2, TimeSpan.FromSeconds(1));
        var gate = _world.Store.Hold(ObjectOperations.OpenRead);
        var verifying = owner.Upkeep.VerifyAsync(Options, None);
        await gate.ArrivalAsync(TimeSpan.FromSeconds(30));
        await owner.WriteAsync("update t set v = randomblob(2000)");
        Assert.True(owner.Checkpoint());
        await owner.WriteAsync("delete from t; vacuum");
        gate.Open();

        Assert.Equal(ScrubOutcome.Verified, await verifying);
        Assert.False(owner.Upkeep.IsVerified);
    }

    private static void Break(string path, string damage)
    {
        var content = File.ReadAllBytes(path);
        switch (damage)
        {
            case "missing":
                File.Delete(path);
                break;
            case "shorter":
                File.WriteAllBytes(path, content[..^5]);
                break;
            default:
                content[content.Length / 2] ^= 8;
                File.WriteAllBytes(path, content);
                break;
        }
    }
}
