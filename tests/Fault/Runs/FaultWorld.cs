using Platform.Replication.Maintenance;
using Platform.Replication.ObjectStore;
using Platform.Replication.Shipping;
using Platform.Replication.Tests.Shipping;
using Platform.Testing;
using Platform.Testing.ObjectStores;

namespace Platform.Fault.Tests.Runs;

/// <summary>One tenant's objects, the disks of the nodes that ever had it, and simulated time.</summary>
internal sealed class FaultWorld : IDisposable
{
    public const string ReplicaPath = "tenants/acme/data.db";

    private readonly TempFolder _folder = new();
    private readonly FolderObjectStore _truth;
    private readonly List<FaultyObjectStore> _networks = [];
    private readonly Random _random;
    private int _boots;
    private int _disks;

    public FaultWorld(Random random)
    {
        _random = random;
        _truth = new FolderObjectStore(_folder["objects"]);
        PageBytes = 512 << random.Next(8);
        // Half of the runs keep all that ever was, so that each transaction is restored at the end.
        KeepsAll = random.Next(2) == 0;
        Upkeep = new UpkeepOptions
        {
            FilesPerMerge = [random.Next(3, 8), 3, 3],
            MergeFilesMin = 2,
            MergeBytesDue = 60_000,
            MergeBytesMax = 600_000,
            Retention = TimeSpan.FromHours(KeepsAll ? 10_000 : 2),
            TransactionRetention = KeepsAll ? TimeSpan.FromHours(10_000) : TimeSpan.FromMinutes(20),
            TransactionsKept = KeepsAll ? 10_000 : 5,
            DeletionGrace = UpkeepOptions.DeletionGraceMin,
            DeletionsMin = 1,
            SnapshotInterval = TimeSpan.FromMinutes(10),
            SnapshotBytesMin = 20_000,
            SnapshotFilesMax = 10,
            LookFiles = 1,
        };
        Reboot();
    }

    public int PageBytes { get; }

    public bool KeepsAll { get; }

    public UpkeepOptions Upkeep { get; }

    public CommitTree Tree { get; } = new();

    public SimulatedTime Time { get; } = new();

    /// <summary>What is really stored.</summary>
    public IObjectStore Truth => _truth;

    public string ReplicaFolder => _folder["objects/" + ReplicaPath];

    public string ScratchPath => _folder["scratch.db"];

    public void Reboot() => File.WriteAllText(_folder["boot-id"], $"boot {++_boots}");

    public string NewDiskFolder() => _folder[$"disk-{++_disks}"];

    public LocalDisk NewDisk() => new(NewDiskFolder(), _random);

    /// <summary>Opens the tenant from a disk, over a network that has faults of its own.</summary>
    public async Task<FaultOwner> OpenAsync(LocalDisk disk)
    {
        var network = new FaultyObjectStore(_truth, new FaultSchedule(_random.Next())
        {
            Operations = ObjectOperations.Writes,
            FailBefore = 0.04 * _random.Next(3),
            LoseAnswer = 0.04 * _random.Next(3),
            Duplicate = 0.05,
            ArriveLate = 0.04 * _random.Next(3),
        });
        // Not by the schedule: a restore reads so often that one of its reads would always fail.
        network.FailNext(ObjectOperations.Reads, ObjectFault.FailBefore, times: 1 + _random.Next(3));
        _networks.Add(network);
        var options = new DatabaseReplicaOptions
        {
            Store = network,
            ReplicaPath = ReplicaPath,
            DatabasePath = disk.DatabasePath,
            Time = Time,
            Lineage = "acme 1",
            WalBytesPerFileMax = _random.Next(3) == 0 ? 100_000 : 32 << 20,
            RestorePartBytes = 5000,
            BootIdPath = _folder["boot-id"],
        };
        var replica = await UntilAnsweredAsync(() => DatabaseReplica.OpenAsync(options, CancellationToken.None));
        if (replica.Opening == Opening.Empty)
        {
            using var template = new TestDatabase(disk.DatabasePath, PageBytes);
            template.Execute("create table w(n integer primary key); create table t(id integer primary key, v blob)");
            Assert.True(template.Checkpoint());
        }

        return new FaultOwner(this, disk, network, replica, _random);
    }

    /// <summary>What was on its way arrives, whoever sent it, one sender after another in any order.</summary>
    public async Task DeliverLateWritesAsync(bool all)
    {
        var networks = _networks.ToArray();
        _random.Shuffle(networks);
        foreach (var network in networks.Where(_ => all || _random.Next(2) == 0))
        {
            await network.DeliverLateWritesAsync();
        }
    }

    public static async Task<TResult> UntilAnsweredAsync<TResult>(Func<Task<TResult>> call)
    {
        while (true)
        {
            try
            {
                return await call();
            }
            catch (ObjectStoreException failure) when (failure.IsTransient)
            {
                // A fault of the test. Each is used up by one call.
            }
        }
    }

    public void Dispose()
    {
        _truth.Dispose();
        _folder.Dispose();
    }
}
