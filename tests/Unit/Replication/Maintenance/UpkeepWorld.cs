using Platform.Replication.Ltx;
using Platform.Replication.Maintenance;
using Platform.Replication.ObjectStore;
using Platform.Replication.Restoring;
using Platform.Replication.Shipping;
using Platform.Replication.Tests.Shipping;
using Platform.Testing;
using Platform.Testing.ObjectStores;

namespace Platform.Replication.Tests.Maintenance;

/// <summary>
/// One replica in a folder of objects, its owners, and simulated time. Records the content of the database at each
/// transaction, so that any restore can be compared with what it should be.
/// </summary>
internal sealed class UpkeepWorld : IDisposable
{
    public const string ReplicaPath = "tenants/acme/data.db";

    /// <summary>All of a database in one value.</summary>
    public const string ContentSql =
        "select count(*) || ':' || ifnull(sum(id), 0) || ':' || ifnull(group_concat(length(v) || hex(substr(v, 1, 8))), '') from t";

    private readonly FolderObjectStore _folderStore;
    private readonly Dictionary<Txid, (string Content, DateTimeOffset Time)> _history = [];

    public UpkeepWorld(FaultSchedule? schedule = null)
    {
        _folderStore = new FolderObjectStore(Folder["objects"]);
        Store = new FaultyObjectStore(_folderStore, schedule);
    }

    public TempFolder Folder { get; } = new();

    /// <summary>What owners use: it has faults and counts.</summary>
    public FaultyObjectStore Store { get; }

    /// <summary>What is really there.</summary>
    public IObjectStore Truth => _folderStore;

    public SimulatedTime Time { get; } = new();

    public ShippingWorld.RecordingLogger Log { get; } = new();

    public UpkeepOptions Options { get; init; } = new();

    public IReadOnlyDictionary<Txid, (string Content, DateTimeOffset Time)> History => _history;

    private static CancellationToken None => CancellationToken.None;

    public async Task<Owner> OpenAsync(string node, int pageBytes = 4096, ReplicaMemory? memory = null)
    {
        var path = Folder[$"{node}/data.db"];
        var options = new DatabaseReplicaOptions
        {
            Store = Store,
            ReplicaPath = ReplicaPath,
            DatabasePath = path,
            Time = Time,
            Logger = Log,
        };
        var replica = memory?.TryReopen(options) ?? await DatabaseReplica.OpenAsync(options, None);
        if (replica.Opening == Opening.Empty)
        {
            TestDatabase.CreateTemplate(path, pageBytes);
        }

        return new Owner(this, replica, new TestDatabase(path, pageBytes));
    }

    /// <summary>Notes what the database is after a transaction.</summary>
    public void Record(Txid txid, TestDatabase database, DateTimeOffset time) =>
        _history[txid] = (ContentOf(database), time);

    public async Task<List<ListedFile>> ListAsync() => await ReplicaListing.ListAsync(_folderStore, ReplicaPath, None);

    /// <summary>The names of what is there, short: <c>0/5 1/2-65 9/1-70</c>.</summary>
    public async Task<string> NamesAsync() => string.Join(' ', (await ListAsync())
        .Select(file => file.File.Level == 0
            ? $"0/{file.File.Max.Value}"
            : $"{file.File.Level}/{file.File.Min.Value}-{file.File.Max.Value}"));

    public string PathOf(int level, ulong min, ulong max) => Folder["objects/" + Platform.Replication.Ltx.ReplicaPath.File(
        ReplicaLayout.Folder, ReplicaPath, level, new Txid(min), new Txid(max))];

    /// <summary>Restores, requires that the result is what the database was then, and returns the transaction.</summary>
    public async Task<Txid> RequireRestoresAsync(RestoreTarget target = default)
    {
        var path = Folder["restored.db"];
        var restored = await DatabaseRestore.RestoreAsync(
            new RestoreOptions { Store = _folderStore, ReplicaPath = ReplicaPath, DestinationPath = path },
            target,
            progress: null,
            None);
        using var database = new TestDatabase(path, restored.PageBytes);
        Assert.Equal("ok", database.Scalar("pragma integrity_check"));
        Assert.Equal(_history[restored.Txid].Content, ContentOf(database));
        return restored.Txid;
    }

    public void Dispose()
    {
        _folderStore.Dispose();
        Folder.Dispose();
    }

    private static string ContentOf(TestDatabase database) => database.Scalar(ContentSql);

    /// <summary>A database with its replica and upkeep.</summary>
    internal sealed class Owner(UpkeepWorld world, DatabaseReplica replica, TestDatabase database) : IAsyncDisposable
    {
        private bool _hasPending;

        public DatabaseReplica Replica => replica;

        public TestDatabase Database => database;

        public ReplicaUpkeep Upkeep { get; } = new(replica, world.Options, metrics: null);

        /// <summary>Ships; false when the store failed, and the file may be stored or not.</summary>
        public async Task<bool> TryShipAsync()
        {
            var time = world.Time.GetUtcNow();
            var next = replica.Position.Next;
            world.Record(_hasPending ? next.Next : next, database, time);
            try
            {
                await replica.ShipAsync(None);
                _hasPending = false;
                return true;
            }
            catch (ObjectStoreException)
            {
                _hasPending = true;
                return false;
            }
        }

        public async Task WriteAsync(string sql)
        {
            database.Execute(sql);
            Assert.True(await TryShipAsync());
        }

        /// <summary>Writes <paramref name="count"/> small rows, one transaction each, so far apart.</summary>
        public async Task WriteManyAsync(int count, TimeSpan apart)
        {
            for (var row = 0; row < count; row++)
            {
                await WriteAsync("insert into t(v) values(randomblob(50))");
                world.Time.Advance(apart);
            }
        }

        public bool Checkpoint()
        {
            if (!replica.TryBeginCheckpoint())
            {
                return false;
            }

            var isComplete = database.Checkpoint();
            replica.EndCheckpoint(isComplete);
            return isComplete;
        }

        public async Task CloseCleanAsync()
        {
            await Upkeep.DisposeAsync();
            Assert.True(Checkpoint());
            database.Dispose();
            await replica.CloseAsync(clean: true, None);
        }

        /// <summary>What a killed process leaves.</summary>
        public async ValueTask DisposeAsync()
        {
            await Upkeep.DisposeAsync();
            database.Dispose();
            await replica.DisposeAsync();
        }
    }
}
