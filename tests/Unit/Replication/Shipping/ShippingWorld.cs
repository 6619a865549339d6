using Microsoft.Extensions.Logging;
using Platform.Replication.Ltx;
using Platform.Replication.ObjectStore;
using Platform.Replication.Restoring;
using Platform.Replication.Shipping;
using Platform.Testing;
using Platform.Testing.ObjectStores;

namespace Platform.Replication.Tests.Shipping;

/// <summary>A folder of objects, the nodes' local folders, and the ways in which a node goes.</summary>
internal sealed class ShippingWorld : IDisposable
{
    public const string ReplicaPath = "tenants/acme/data.db";

    private readonly FolderObjectStore _folderStore;

    public ShippingWorld(FaultSchedule? schedule = null)
    {
        _folderStore = new FolderObjectStore(Folder["objects"]);
        Store = new FaultyObjectStore(_folderStore, schedule);
        File.WriteAllText(Folder["boot-id"], "first boot");
    }

    public TempFolder Folder { get; } = new();

    public FaultyObjectStore Store { get; }

    public RecordingLogger Log { get; } = new();

    public string? Lineage { get; init; }

    public string ReplicaFolder => Folder["objects/" + ReplicaPath];

    public static CancellationToken None => CancellationToken.None;

    public string DatabasePath(string node) => Folder[$"{node}/data.db"];

    public DatabaseReplicaOptions Options(string node) => new()
    {
        Store = Store,
        ReplicaPath = ReplicaPath,
        DatabasePath = DatabasePath(node),
        Logger = Log,
        Lineage = Lineage,
        BootIdPath = Folder["boot-id"],
    };

    /// <summary>The next create stores its object, and then fails.</summary>
    public void LoseNextAnswer() => Store.FailNext(ObjectOperations.Create, ObjectFault.LoseAnswer);

    public void Reboot() => File.WriteAllText(Folder["boot-id"], Guid.NewGuid().ToString());

    /// <summary>Opens a node's replica, and the database with it.</summary>
    public async Task<Owner> OpenAsync(string node, int pageBytes = 4096)
    {
        var replica = await DatabaseReplica.OpenAsync(Options(node), None);
        return Use(node, replica, pageBytes);
    }

    public Owner Use(string node, DatabaseReplica replica, int pageBytes = 4096)
    {
        if (replica.Opening == Opening.Empty)
        {
            Assert.False(File.Exists(DatabasePath(node)));
            TestDatabase.CreateTemplate(DatabasePath(node), pageBytes);
        }

        return new Owner(replica, new TestDatabase(DatabasePath(node), pageBytes));
    }

    /// <summary>What a killed process leaves of a node, as another node's folder.</summary>
    public void CopyNode(string from, string to)
    {
        Directory.CreateDirectory(Folder[to]);
        foreach (var suffix in new[] { "", "-wal", "-position" })
        {
            File.Delete(DatabasePath(to) + suffix);
            if (File.Exists(DatabasePath(from) + suffix))
            {
                File.Copy(DatabasePath(from) + suffix, DatabasePath(to) + suffix);
            }
        }
    }

    public async Task<RestoredDatabase> RestoreAsync(string path, RestoreTarget target = default) =>
        await DatabaseRestore.RestoreAsync(
            new RestoreOptions { Store = Store, ReplicaPath = ReplicaPath, DestinationPath = path, PartBytes = 3000 },
            target,
            progress: null,
            None);

    /// <summary>What the replica holds is byte for byte what the database is after a checkpoint.</summary>
    public async Task RequireEqualAsync(Owner owner)
    {
        Assert.Equal(owner.Replica.Position, await owner.Replica.ShipAsync(None));
        Assert.True(owner.Checkpoint());
        var restored = await RestoreAsync(Folder["restored.db"]);
        Assert.Equal(owner.Replica.Position, restored.Txid);
        var source = await File.ReadAllBytesAsync(owner.Database.Path);
        var copy = await File.ReadAllBytesAsync(Folder["restored.db"]);
        Assert.True(source.AsSpan().SequenceEqual(copy), "The restored bytes differ from the source's.");
    }

    public string File0(ulong txid) =>
        Path.Combine(ReplicaFolder, "ltx", "0", LtxFileName.Format(new Txid(txid), new Txid(txid)));

    public void Dispose()
    {
        _folderStore.Dispose();
        Folder.Dispose();
    }

    /// <summary>A database and its replica.</summary>
    internal sealed record Owner(DatabaseReplica Replica, TestDatabase Database) : IAsyncDisposable
    {
        public async Task<Txid> WriteAsync(string sql)
        {
            Database.Execute(sql);
            return await Replica.ShipAsync(None);
        }

        public bool Checkpoint(string mode = "truncate")
        {
            if (!Replica.TryBeginCheckpoint())
            {
                return false;
            }

            var completed = Database.Checkpoint(mode);
            Replica.EndCheckpoint(completed);
            return completed;
        }

        public async Task CloseCleanAsync()
        {
            Assert.True(Checkpoint());
            Database.Dispose();
            await Replica.CloseAsync(clean: true, None);
        }

        public async Task KillAsync()
        {
            Database.Dispose();
            await Replica.DisposeAsync();
        }

        public async ValueTask DisposeAsync() => await KillAsync();
    }

    internal sealed class RecordingLogger : ILogger
    {
        public List<(int EventId, string Text)> Entries { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            lock (Entries)
            {
                Entries.Add((eventId.Id, formatter(state, exception)));
            }
        }
    }
}
