using System.Globalization;
using Platform.Replication.Ltx;
using Platform.Replication.Maintenance;
using Platform.Replication.Restoring;
using Platform.Replication.Rewinding;
using Platform.Testing;
using Platform.Testing.Processes;

namespace Platform.Replication.Tests.Maintenance;

/// <summary>
/// Litestream's own SQLite extension, unchanged from npm, reads every state that upkeep leaves a replica in: merged,
/// with snapshots, after deletions, after a rewind, and as a clone; the newest transaction and retained moments. It sees
/// exactly what our own restore gives.
/// </summary>
[Trait("needs", "npm")]
public sealed class StockMaintenanceTests : IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly UpkeepWorld _world = new()
    {
        Options = new UpkeepOptions
        {
            FilesPerMerge = [4, 4, 4],
            MergeFilesMin = 2,
            Retention = TimeSpan.FromHours(2),
            TransactionRetention = TimeSpan.FromMinutes(20),
            TransactionsKept = 0,
            DeletionGrace = TimeSpan.FromMinutes(10),
            DeletionsMin = 1,
            LookFiles = 1,
            SnapshotInterval = TimeSpan.FromMinutes(30),
            SnapshotBytesMin = 1000,
        },
    };

    private static CancellationToken None => CancellationToken.None;

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Merged_levels_are_read_now_and_at_each_kind_of_moment()
    {
        await using var owner = await _world.OpenAsync("a");
        await owner.WriteManyAsync(22, Minute / 12);
        await owner.Upkeep.RunAsync(None);
        Assert.Contains(" 1/2-5 ", await _world.NamesAsync(), StringComparison.Ordinal);
        Assert.Contains(" 2/2-17", await _world.NamesAsync(), StringComparison.Ordinal);

        await RequireStockReadsAsync(UpkeepWorld.ReplicaPath, owner.Replica.Position);
        await RequireStockReadsMomentsAsync(1, 3, 5, 17, 20, 22);
    }

    [Fact]
    public async Task Snapshots_and_deletions_leave_what_is_retained_readable()
    {
        await using var owner = await _world.OpenAsync("a");
        var deletions = await LiveAsync(owner, hours: 4);
        var names = await _world.NamesAsync();
        Assert.True(deletions > 100, $"{deletions} deletions left {names}");
        Assert.DoesNotContain("0/2 ", names, StringComparison.Ordinal);
        Assert.Contains(" 9/1-", names, StringComparison.Ordinal);

        await RequireStockReadsAsync(UpkeepWorld.ReplicaPath, owner.Replica.Position);
        var last = owner.Replica.Position.Value;
        await RequireStockReadsMomentsAsync(last - 100, last - 61, last - 42, last - 7, last - 1, last);
    }

    [Fact]
    public async Task A_rewind_is_read_and_so_is_what_was_before_and_after_it()
    {
        var owner = await _world.OpenAsync("a");
        await LiveAsync(owner, hours: 1);
        await owner.CloseCleanAsync();
        var wanted = new Txid(owner.Replica.Position.Value - 10);
        var then = await RestoreImageAsync(RestoreTarget.At(wanted));
        _world.Time.Advance(Minute);
        var rewound = await ReplicaRewind.RunAsync(Options(), then, None);

        await using var next = await _world.OpenAsync("b");
        _world.Record(rewound.Txid, next.Database, rewound.Time);
        Assert.Equal(_world.History[wanted].Content, _world.History[rewound.Txid].Content);
        await RequireStockReadsAsync(UpkeepWorld.ReplicaPath, rewound.Txid);

        await LiveAsync(next, hours: 1);
        await RequireStockReadsAsync(UpkeepWorld.ReplicaPath, next.Replica.Position);
        await RequireStockReadsMomentsAsync(
            rewound.Before.Value, rewound.Txid.Value, rewound.Txid.Value + 10, next.Replica.Position.Value);
    }

    [Fact]
    public async Task Clones_of_the_present_and_of_a_moment_are_read()
    {
        await using var owner = await _world.OpenAsync("a");
        await LiveAsync(owner, hours: 1);
        var moment = new Txid(owner.Replica.Position.Value - 9);
        foreach (var (path, target) in new[] { ("tenants/now", RestoreTarget.Newest), ("tenants/then", RestoreTarget.At(moment)) })
        {
            var image = await RestoreImageAsync(target);
            await ReplicaSeed.RunAsync(_world.Truth, path + "/data.db", image, _world.Time, None);
            await RequireStockReadsAsync(path + "/data.db", new Txid(1), _world.History[image.Txid].Content);
        }
    }

    /// <summary>A write a minute, upkeep on its heels; returns how many files were deleted.</summary>
    private async Task<int> LiveAsync(UpkeepWorld.Owner owner, int hours)
    {
        var deletions = 0;
        for (var minute = 0; minute < hours * 60; minute++)
        {
            await owner.WriteAsync((minute % 9) switch
            {
                3 => "update t set v = randomblob(length(v)) where id % 3 = 1",
                7 => "delete from t where id % 10 = 4; vacuum",
                _ => "insert into t(v) values(randomblob(400))",
            });
            _world.Time.Advance(Minute);
            deletions += (await owner.Upkeep.RunAsync(None)).Deletions;
        }

        return deletions;
    }

    private RewindOptions Options() => new()
    {
        Store = _world.Truth,
        ReplicaPath = UpkeepWorld.ReplicaPath,
        ScratchPath = Directory.CreateDirectory(_world.Folder["scratch"]).FullName,
        Time = _world.Time,
    };

    private Task<PastImage> RestoreImageAsync(RestoreTarget target) => PastImage.RestoreAsync(Options(), target, None);

    private async Task RequireStockReadsMomentsAsync(params ulong[] transactions)
    {
        foreach (var transaction in transactions)
        {
            // Between two commits: what is at the very moment of one is told apart by some readers and not by others.
            var moment = _world.History[new Txid(transaction)].Time + (Minute / 24);
            var ours = await _world.RequireRestoresAsync(RestoreTarget.Before(moment));
            var text = moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
            await RequireStockReadsAsync(UpkeepWorld.ReplicaPath, ours, _world.History[ours].Content, "--at", text);
        }
    }

    private Task RequireStockReadsAsync(string replicaPath, Txid txid) =>
        RequireStockReadsAsync(replicaPath, txid, _world.History[txid].Content);

    private async Task RequireStockReadsAsync(string replicaPath, Txid txid, string content, params string[] at)
    {
        var packages = await NodePackages.InstallAsync("tests/EndToEnd/Replica/litestream");
        var result = await Command.RunAsync(
            "python3",
            [
                RepositoryFolder.Path("tests/tools/verify_replica.py"),
                "--npm-dir", packages,
                "--file", _world.Folder["objects/" + replicaPath],
                "--expect-txid", txid.ToString(),
                "--sql", UpkeepWorld.ContentSql,
                "--expect", content,
                "--sql", "pragma integrity_check",
                "--expect", "ok",
                .. at,
            ]);
        Assert.True(result.ExitCode == 0, $"{await _world.NamesAsync()}\n{result}");
    }
}
