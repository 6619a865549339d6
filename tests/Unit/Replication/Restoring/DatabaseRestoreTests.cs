using Platform.Replication.Ltx;
using Platform.Replication.ObjectStore;
using Platform.Replication.Restoring;
using Platform.Replication.Tests.Shipping;
using Platform.Testing.ObjectStores;

namespace Platform.Replication.Tests.Restoring;

public sealed class DatabaseRestoreTests : IDisposable
{
    private const int Transactions = 5;

    private readonly ShippingWorld _world = new();

    private string Destination => _world.Folder["restored/data.db"];

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("truncated")]
    [InlineData("flipped")]
    [InlineData("longer")]
    [InlineData("empty")]
    [InlineData("renamed")]
    [InlineData("no ltx")]
    public async Task A_damaged_file_is_named_and_what_was_there_stays(string damage)
    {
        await WriteAsync();
        await LeaveIntactFilesAsync();
        var path = _world.File0(3);
        var content = await File.ReadAllBytesAsync(path);
        await File.WriteAllBytesAsync(path, damage switch
        {
            "truncated" => content[..^1],
            "flipped" => [.. content[..200], (byte)(content[200] ^ 4), .. content[201..]],
            "longer" => [.. content, 0],
            "empty" => [],
            "renamed" => await File.ReadAllBytesAsync(_world.File0(4)),
            _ => new byte[content.Length],
        });

        var fault = await Assert.ThrowsAsync<RestoreException>(() => _world.RestoreAsync(Destination));

        Assert.EndsWith("/0000000000000003-0000000000000003.ltx", fault.Key, StringComparison.Ordinal);
        Assert.Contains(fault.Key, fault.Message, StringComparison.Ordinal);
        Assert.NotEqual("", fault.Hint);
        await RequireIntactFilesAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Restores_share_their_memory_and_give_it_back_whatever_happens(int parts)
    {
        await WriteAsync();
        var memory = new RestoreMemory(parts);
        RestoreOptions Options(string name) => new()
        {
            Store = _world.Store,
            ReplicaPath = ShippingWorld.ReplicaPath,
            DestinationPath = _world.Folder[name],
            PartBytes = 700,
            Memory = memory,
        };
        await Task.WhenAll(Enumerable.Range(0, 6).Select(index => Task.Run(() => DatabaseRestore.RestoreAsync(
            Options($"together-{index}.db"), RestoreTarget.Newest, progress: null, CancellationToken.None))));
        Assert.Equal(parts, memory.Free);
        var first = await File.ReadAllBytesAsync(_world.Folder["together-0.db"]);
        Assert.Equal(first, await File.ReadAllBytesAsync(_world.Folder["together-5.db"]));

        await File.WriteAllBytesAsync(_world.File0(3), new byte[5000]);
        await Assert.ThrowsAsync<RestoreException>(() => DatabaseRestore.RestoreAsync(
            Options("damaged.db"), RestoreTarget.Newest, progress: null, CancellationToken.None));
        Assert.Equal(parts, memory.Free);
        File.Delete(_world.File0(3));
        _world.Store.FailNext(ObjectOperations.OpenRead, ObjectFault.FailBefore);
        await Assert.ThrowsAsync<ObjectStoreException>(() => DatabaseRestore.RestoreAsync(
            Options("away.db"), RestoreTarget.At(new Txid(2)), progress: null, CancellationToken.None));
        Assert.Equal(parts, memory.Free);
    }

    [Fact]
    public async Task A_file_of_another_database_is_named_by_its_page_size()
    {
        await WriteAsync();
        using var writer = new LtxWriter();
        writer.Begin(new LtxHeader
        {
            PageSize = 512,
            Commit = 1,
            MinTxid = new Txid(3),
            MaxTxid = new Txid(3),
        });
        writer.AddPage(1, new byte[512]);
        await File.WriteAllBytesAsync(_world.File0(3), writer.Complete().ToArray());

        var fault = await Assert.ThrowsAsync<RestoreException>(() => _world.RestoreAsync(Destination));

        Assert.Contains("512", fault.Message, StringComparison.Ordinal);
        Assert.Contains("4096", fault.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Destination));
    }

    [Theory]
    [InlineData(1ul, "no snapshot")]
    [InlineData(3ul, "after transaction 0000000000000002")]
    public async Task A_gap_is_refused_and_said(ulong missing, string expected)
    {
        await WriteAsync();
        await LeaveIntactFilesAsync();
        File.Delete(_world.File0(missing));

        var fault = await Assert.ThrowsAsync<RestoreException>(() => _world.RestoreAsync(Destination));

        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        await RequireIntactFilesAsync();
    }

    [Fact]
    public async Task Before_a_gap_older_transactions_can_still_be_restored()
    {
        await WriteAsync();
        File.Delete(_world.File0(3));

        Assert.Equal(new Txid(2), (await RestoreAsync(RestoreTarget.At(new Txid(2)))).Txid);
        await Assert.ThrowsAsync<RestoreException>(() => RestoreAsync(RestoreTarget.At(new Txid(3))));
    }

    [Fact]
    public async Task An_empty_replica_and_an_unknown_transaction_are_refused()
    {
        await Assert.ThrowsAsync<RestoreException>(() => _world.RestoreAsync(Destination));
        await WriteAsync();
        var fault = await Assert.ThrowsAsync<RestoreException>(() => RestoreAsync(RestoreTarget.At(new Txid(99))));
        Assert.Contains("0000000000000005", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_that_is_removed_meanwhile_is_looked_for_in_a_new_listing(bool isReplaced)
    {
        await WriteAsync();
        await using var owner = await _world.OpenAsync("another");
        var gate = _world.Store.Hold(
            ObjectOperations.OpenRead, key => key.Contains("4-0000000000000004", StringComparison.Ordinal));
        var restoring = _world.RestoreAsync(Destination);
        await gate.ArrivalAsync(TimeSpan.FromSeconds(30));
        if (isReplaced)
        {
            Assert.True(await owner.Replica.SnapshotAsync(CancellationToken.None));
        }

        File.Delete(_world.File0(4));
        gate.Open();

        if (isReplaced)
        {
            Assert.Equal(new Txid(Transactions), (await restoring).Txid);
            return;
        }

        var fault = await Assert.ThrowsAsync<RestoreException>(() => restoring);
        Assert.Contains("after transaction 0000000000000003", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_storage_fails_meanwhile_what_was_there_stays()
    {
        await WriteAsync();
        await LeaveIntactFilesAsync();
        _world.Store.FailNext(
            ObjectOperations.OpenRead, ObjectFault.FailBefore, keys: key => key.Contains("4-", StringComparison.Ordinal));

        await Assert.ThrowsAsync<ObjectStoreException>(() => _world.RestoreAsync(Destination));

        await RequireIntactFilesAsync();
    }

    [Fact]
    public async Task A_cancelled_restore_leaves_what_was_there()
    {
        await WriteAsync();
        await LeaveIntactFilesAsync();
        var gate = _world.Store.Hold(ObjectOperations.OpenRead);
        using var cancellation = new CancellationTokenSource();
        var restoring = DatabaseRestore.RestoreAsync(Options(), RestoreTarget.Newest, null, cancellation.Token);
        await gate.ArrivalAsync(TimeSpan.FromSeconds(30));
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => restoring);

        gate.Open();
        await RequireIntactFilesAsync();
    }

    [Fact]
    public async Task Leftovers_of_the_database_that_was_there_are_removed()
    {
        var source = await WriteAsync();
        await LeaveIntactFilesAsync();

        await _world.RestoreAsync(Destination);

        Assert.Equal(["data.db"], Directory.GetFiles(_world.Folder["restored"]).Select(Path.GetFileName));
        Assert.Equal(source, await File.ReadAllBytesAsync(Destination));
    }

    [Fact]
    public async Task Progress_counts_to_the_end()
    {
        await WriteAsync();
        var reports = new ProgressLog();

        await DatabaseRestore.RestoreAsync(Options(), RestoreTarget.Newest, reports, CancellationToken.None);

        Assert.Equal(Enumerable.Range(1, Transactions), reports.Reports.Select(report => report.FilesDone));
        var last = reports.Reports[^1];
        Assert.Equal((last.FilesTotal, last.BytesTotal), (last.FilesDone, last.BytesDone));
    }

    [Theory]
    [InlineData(1, 100)]
    [InlineData(3, 4096)]
    [InlineData(16, 1 << 20)]
    public async Task Any_parallelism_and_size_of_parts_gives_the_same(int parallelism, int partBytes)
    {
        var source = await WriteAsync();

        await DatabaseRestore.RestoreAsync(
            Options() with { Parallelism = parallelism, PartBytes = partBytes },
            RestoreTarget.Newest,
            null,
            CancellationToken.None);

        Assert.Equal(source, await File.ReadAllBytesAsync(Destination));
    }

    [Fact]
    public async Task A_moment_gives_the_last_transaction_strictly_before_it()
    {
        var clock = new SteppingClock(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        var replica = await Platform.Replication.Shipping.DatabaseReplica.OpenAsync(
            _world.Options("a") with { Time = clock }, CancellationToken.None);
        await using var owner = _world.Use("a", replica);
        var start = clock.GetUtcNow();
        for (var id = 1; id <= 9; id++)
        {
            await owner.WriteAsync($"insert into t values({id}, 'x')");
            clock.Advance(TimeSpan.FromSeconds(id == 5 ? -30 : 10));
        }

        Assert.True(await owner.Replica.SnapshotAsync(CancellationToken.None));

        Assert.Equal(1u, await TxidAtAsync(start.AddMilliseconds(1)));
        Assert.Equal(1u, await TxidAtAsync(start.AddSeconds(10)));
        Assert.Equal(2u, await TxidAtAsync(start.AddSeconds(10.001)));

        // The clock went back to before the fifth: in the files time stands still until it has caught up.
        Assert.Equal(4u, await TxidAtAsync(start.AddSeconds(40)));
        Assert.Equal(9u, await TxidAtAsync(start.AddSeconds(40.001)));
        var fault = await Assert.ThrowsAsync<RestoreException>(() => RestoreAsync(RestoreTarget.Before(start)));
        Assert.Contains("2026-01-02T03:04:05", fault.Message, StringComparison.Ordinal);
    }

    private async Task<ulong> TxidAtAsync(DateTimeOffset moment) =>
        (await RestoreAsync(RestoreTarget.Before(moment))).Txid.Value;

    private Task<RestoredDatabase> RestoreAsync(RestoreTarget target) => _world.RestoreAsync(Destination, target);

    private RestoreOptions Options() => new()
    {
        Store = _world.Store,
        ReplicaPath = ShippingWorld.ReplicaPath,
        DestinationPath = Destination,
    };

    private async Task<byte[]> WriteAsync()
    {
        await using var owner = await _world.OpenAsync("a");
        for (var id = 1; id <= Transactions; id++)
        {
            await owner.WriteAsync($"insert into t values({id}, randomblob(9000))");
        }

        Assert.True(owner.Checkpoint());
        return await File.ReadAllBytesAsync(owner.Database.Path);
    }

    private async Task LeaveIntactFilesAsync()
    {
        Directory.CreateDirectory(_world.Folder["restored"]);
        await File.WriteAllTextAsync(Destination, "the database");
        await File.WriteAllTextAsync(Destination + "-wal", "its WAL");
        await File.WriteAllTextAsync(Destination + "-shm", "its index");
    }

    private async Task RequireIntactFilesAsync()
    {
        Assert.Equal("the database", await File.ReadAllTextAsync(Destination));
        Assert.Equal("its WAL", await File.ReadAllTextAsync(Destination + "-wal"));
        Assert.Equal(3, Directory.GetFiles(_world.Folder["restored"]).Length);
    }

    private sealed class ProgressLog : IProgress<RestoreProgress>
    {
        public List<RestoreProgress> Reports { get; } = [];

        public void Report(RestoreProgress value) => Reports.Add(value);
    }

    private sealed class SteppingClock(DateTimeOffset now) : TimeProvider
    {
        private DateTimeOffset _now = now;

        public void Advance(TimeSpan by) => _now += by;

        public override DateTimeOffset GetUtcNow() => _now;
    }
}
