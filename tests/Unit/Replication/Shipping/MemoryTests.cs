using System.Globalization;
using Platform.Replication.Ltx;
using Platform.Replication.Maintenance;
using Platform.Replication.ObjectStore;
using Platform.Replication.Restoring;
using Platform.Replication.Rewinding;
using Platform.Replication.Scrubbing;
using Platform.Replication.Shipping;
using Platform.Testing;

namespace Platform.Replication.Tests.Shipping;

/// <summary>
/// The memory of everything that touches a whole database is bounded, whatever its size. Counted are all allocations, which
/// is more than what is held at once; so nothing else may run meanwhile.
/// </summary>
[Collection(nameof(RunsAlone))]
public sealed class MemoryTests : IDisposable
{
    private const long DatabaseBytes = 300_000_000;
    private const long AllocatedBytesMax = 64_000_000;

    private readonly TempFolder _folder = new();
    private readonly FolderObjectStore _store;

    public MemoryTests() => _store = new FolderObjectStore(_folder["objects"]);

    private static CancellationToken None => CancellationToken.None;

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Shipping_snapshots_scrubs_restores_rewinds_and_copies_take_no_memory_by_the_size_of_the_database()
    {
        TestDatabase.CreateTemplate(_folder["template.db"]);
        await using var replica = await DatabaseReplica.OpenAsync(Options(), None);
        File.Copy(_folder["template.db"], Options().DatabasePath);
        using var database = new TestDatabase(Options().DatabasePath);
        database.Execute(string.Create(CultureInfo.InvariantCulture, $"""
            with recursive n(x) as (select 1 union all select x + 1 from n where x < {DatabaseBytes / 100_000})
            insert into t(v) select randomblob(100000) from n
            """));

        await RequireBoundedAsync("the first image", () => replica.ShipAsync(None).AsTask());
        Assert.True(replica.DatabaseBytes > DatabaseBytes);
        database.Execute("update t set v = randomblob(100000) where id % 2 = 0");
        await RequireBoundedAsync("a large transaction", () => replica.ShipAsync(None).AsTask());
        await RequireBoundedAsync("a snapshot beside the WAL", () => replica.SnapshotAsync(None));
        Assert.True(replica.TryBeginCheckpoint());
        replica.EndCheckpoint(database.Checkpoint());
        await using var upkeep = new ReplicaUpkeep(replica, new UpkeepOptions(), metrics: null);
        await RequireBoundedAsync("upkeep", () => upkeep.RunAsync(None));
        await RequireBoundedAsync("a scrub", async () => Assert.Equal(
            ScrubOutcome.Verified,
            await upkeep.VerifyAsync(new ScrubOptions { ScratchPath = _folder["verify.db"] }, None)));
        database.Dispose();
        await RequireBoundedAsync("a clean close", () => replica.CloseAsync(clean: true, None));

        PastImage? image = null;
        var options = new RewindOptions
        {
            Store = _store,
            ReplicaPath = Options().ReplicaPath,
            ScratchPath = Directory.CreateDirectory(_folder["scratch"]).FullName,
        };
        await RequireBoundedAsync(
            "a restore", async () => image = await PastImage.RestoreAsync(options, RestoreTarget.At(new Txid(1)), None));
        await RequireBoundedAsync("a rewind", () => ReplicaRewind.RunAsync(options, image!, None));
        await RequireBoundedAsync(
            "a copy", () => ReplicaSeed.RunAsync(_store, "tenants/copy/data.db", image!, TimeProvider.System, None));
    }

    private static async Task RequireBoundedAsync(string what, Func<Task> act)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await act();
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        Assert.True(allocated < AllocatedBytesMax, $"{what} allocated {allocated} bytes");
    }

    private DatabaseReplicaOptions Options() => new()
    {
        Store = _store,
        ReplicaPath = "tenants/acme/data.db",
        DatabasePath = _folder["node/data.db"],
    };
}
