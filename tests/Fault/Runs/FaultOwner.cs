using Platform.Replication.Maintenance;
using Platform.Replication.ObjectStore;
using Platform.Replication.Shipping;
using Platform.Replication.Tests.Shipping;
using Platform.Testing.ObjectStores;

namespace Platform.Fault.Tests.Runs;

/// <summary>A process that takes itself for the owner of the tenant: its database, replica and upkeep.</summary>
internal sealed class FaultOwner : IAsyncDisposable
{
    private readonly FaultWorld _world;
    private readonly Random _random;
    private readonly ReplicaUpkeep _upkeep;
    private TestDatabase _database;
    private bool _isClosed;

    public FaultOwner(
        FaultWorld world, LocalDisk disk, FaultyObjectStore network, DatabaseReplica replica, Random random)
    {
        (_world, Disk, Network, Replica, _random) = (world, disk, network, replica, random);
        _upkeep = new ReplicaUpkeep(replica, world.Upkeep, metrics: null);
        _database = OpenDatabase();
        (Head, var image) = Look();
        Assert.True(world.Tree.IsImage(Head, image), $"opened ({replica.Opening}) is no state that ever was, commit {Head}");
    }

    public LocalDisk Disk { get; }

    public FaultyObjectStore Network { get; }

    public DatabaseReplica Replica { get; }

    /// <summary>The last commit of the local database.</summary>
    public long Head { get; private set; }

    private static CancellationToken None => CancellationToken.None;

    /// <summary>One transaction at random, or a vacuum, or one that is rolled back.</summary>
    public void Write()
    {
        if (_random.Next(25) == 0)
        {
            _database.Execute("vacuum");
            _world.Tree.Committed(Head, parent: 0, Look().Image);
        }

        var commit = _world.Tree.Begin();
        BeginTransaction(commit);
        if (_random.Next(10) == 0)
        {
            _database.Execute("rollback");
            return;
        }

        _database.Execute("commit");
        _world.Tree.Committed(commit, Head, Look().Image);
        Head = commit;
        if (_random.Next(3) == 0)
        {
            Disk.Remember();
        }
    }

    /// <summary>Ships; true when the write may be acknowledged. Throws when it is fenced.</summary>
    public async Task<bool> TryShipAsync()
    {
        try
        {
            var position = await Replica.ShipAsync(None);
            if (Head != 0)
            {
                _world.Tree.Acknowledge(Head, position);
            }

            return true;
        }
        catch (ObjectStoreException)
        {
            return false;
        }
    }

    public bool Checkpoint()
    {
        if (!Replica.TryBeginCheckpoint())
        {
            return false;
        }

        var isComplete = _database.Checkpoint(_random.Next(2) == 0 ? "truncate" : "restart");
        Replica.EndCheckpoint(isComplete);
        Disk.Remember();
        return isComplete;
    }

    /// <summary>Closes the files, the WAL folded in or not, and opens them again.</summary>
    public void Rest()
    {
        if (_random.Next(2) == 0)
        {
            Checkpoint();
        }

        _database.Dispose();
        Replica.TryRest();
        Disk.Remember();
        _database = OpenDatabase();
    }

    public async Task UpkeepAsync()
    {
        try
        {
            await _upkeep.RunAsync(None);
        }
        catch (ObjectStoreException)
        {
            // It was cut off between any two of its calls; the next run goes on.
            Assert.False(_upkeep.IsDue);
        }
    }

    /// <summary>Everything shipped, the WAL empty, the position recorded; false when the store is not in the mood.</summary>
    public async Task<bool> TryCloseCleanAsync()
    {
        if (!await TryShipAsync() || !Replica.TryBeginCheckpoint())
        {
            return false;
        }

        var isComplete = _database.Checkpoint();
        Replica.EndCheckpoint(isComplete);
        await _upkeep.DisposeAsync();
        _database.Dispose();
        Disk.Remember();
        await Replica.CloseAsync(clean: true, None);
        _isClosed = true;
        return true;
    }

    /// <summary>A copy of the disk at a moment within a transaction, a checkpoint, or neither: what a kill leaves.</summary>
    public LocalDisk CopyDisk()
    {
        var folder = _world.NewDiskFolder();
        switch (_random.Next(4))
        {
            case 0:
                BeginTransaction(_world.Tree.Begin());
                var within = Disk.Copy(folder);
                _database.Execute("rollback");
                return within;
            case 1 when Replica.TryBeginCheckpoint():
                var isComplete = _database.Checkpoint();
                var behind = Disk.Copy(folder);
                Replica.EndCheckpoint(isComplete);
                return behind;
            default:
                return Disk.Copy(folder);
        }
    }

    /// <summary>As a kill: nothing more is written, files stay as they are.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_isClosed)
        {
            _isClosed = true;
            await _upkeep.DisposeAsync();
            _database.Dispose();
            await Replica.DisposeAsync();
        }
    }

    private TestDatabase OpenDatabase()
    {
        var database = new TestDatabase(Disk.DatabasePath, _world.PageBytes);
        // Large transactions reach the WAL before they are committed, as they do in a shard under memory pressure.
        database.Execute("pragma cache_size=10");
        return database;
    }

    private (long Commit, string Image) Look() => CommitTree.Look(Disk.DatabasePath, _world.ScratchPath);

    private void BeginTransaction(long commit)
    {
        _database.Execute("begin");
        for (var statements = _random.Next(4); statements > 0; statements--)
        {
            _database.Execute(NextStatement());
        }

        _database.Execute($"insert into w values({commit})");
    }

    private string NextStatement() => _random.Next(8) switch
    {
        0 => $"delete from t where id % {_random.Next(2, 6)} = 0",
        1 => $"update t set v = randomblob({_random.Next(1, 3000)}) where id % 7 = {_random.Next(7)}",
        2 => "create table if not exists u(a, b); insert into u select id, v from t limit 20",
        3 => "drop table if exists u",
        4 => $"insert into t(v) values(randomblob({_random.Next(1, 60_000)}))",
        _ => $"insert into t(v) values(randomblob({_random.Next(1, 2000)}))",
    };
}
