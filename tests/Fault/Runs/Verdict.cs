using System.Globalization;
using System.Text.Json;
using Platform.Replication.Ltx;
using Platform.Replication.Restoring;
using Platform.Replication.Tests.Shipping;
using Platform.Testing;
using Platform.Testing.Processes;

namespace Platform.Fault.Tests.Runs;

/// <summary>What must hold of the objects after any life, looked at with nothing but the objects.</summary>
internal sealed class Verdict(FaultWorld world, Random random)
{
    private const string Rows = "select count(*) || ':' || max(n) from w";
    private const string Blobs = "select count(*) || ':' || ifnull(sum(length(v)), 0) || ':' || ifnull(max(hex(v)), '') from t";

    private readonly SortedDictionary<ulong, (long Commit, DateTimeOffset Time)> _line = [];

    private static CancellationToken None => CancellationToken.None;

    public async Task RequireAsync()
    {
        var newest = await RestoreAsync(RestoreTarget.Newest) ?? throw new InvalidOperationException("nothing restores");
        for (var txid = 1UL; txid <= newest; txid++)
        {
            if (await RestoreAsync(RestoreTarget.At(new Txid(txid))) is null)
            {
                Assert.False(world.KeepsAll, $"transaction {txid} of {newest} does not restore");
            }
        }

        RequireOneHistory();
        RequireAcknowledged(newest);
        await RequireMomentsAsync();
    }

    /// <summary>Unchanged Litestream gives the same bytes, and the same rows now and at a moment before.</summary>
    public async Task RequireStockAsync()
    {
        var (newest, _) = _line.Last();
        Assert.Equal(newest, await RestoreAsync(RestoreTarget.Newest));
        await RunStockAsync("--expect-txid", new Txid(newest).ToString(), "--expect-db", world.ScratchPath);
        if (PastMoment() is { } past && await RestoreAsync(RestoreTarget.Before(past.Moment)) is not null)
        {
            await RunStockAsync("--at", past.Moment.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        }
    }

    /// <summary>A line, not a tree: each transaction goes on from the one before, and time never goes back.</summary>
    private void RequireOneHistory()
    {
        foreach (var ((before, left), (after, right)) in _line.Zip(_line.Skip(1)))
        {
            Assert.True(world.Tree.Follows(right.Commit, left.Commit), $"transaction {after} does not follow {before}");
            Assert.True(left.Time <= right.Time, $"transaction {after} is older than {before}");
        }
    }

    private void RequireAcknowledged(ulong newest)
    {
        foreach (var (commit, position) in world.Tree.Acknowledged)
        {
            Assert.True(position.Value <= newest, $"acknowledged at {position}, but the replica ends at {newest}");
            var at = _line.First(entry => entry.Key >= position.Value);
            Assert.True(world.Tree.Follows(at.Value.Commit, commit), $"acknowledged commit {commit} is not in {at.Key}");
        }
    }

    private async Task RequireMomentsAsync()
    {
        for (var sample = 0; sample < 3 && PastMoment() is { } past; sample++)
        {
            var reached = await RestoreAsync(RestoreTarget.Before(past.Moment));
            if (world.KeepsAll)
            {
                Assert.Equal(past.Txid, reached);
            }
            else
            {
                Assert.True(reached is null || reached <= past.Txid, $"{reached} is after {past.Txid}");
            }
        }
    }

    /// <summary>A moment between two transactions, and the one that the database was at then.</summary>
    private (DateTimeOffset Moment, ulong Txid, long Commit)? PastMoment()
    {
        var pairs = _line.Zip(_line.Skip(1))
            .Where(pair => pair.Second.Value.Time - pair.First.Value.Time > TimeSpan.FromSeconds(2)).ToArray();
        if (pairs.Length == 0)
        {
            return null;
        }

        var (key, value) = pairs[random.Next(pairs.Length)].First;
        return (value.Time + TimeSpan.FromSeconds(1), key, value.Commit);
    }

    /// <summary>Restores, compares with what the database was, and returns the transaction; null when not retained.</summary>
    private async Task<ulong?> RestoreAsync(RestoreTarget target)
    {
        RestoredDatabase restored;
        try
        {
            restored = await DatabaseRestore.RestoreAsync(Options(), target, progress: null, None);
        }
        catch (RestoreException) when (target != RestoreTarget.Newest)
        {
            return null;
        }

        var image = CommitTree.ImageOf(world.ScratchPath);
        long commit;
        using (var database = new TestDatabase(world.ScratchPath, restored.PageBytes))
        {
            Assert.Equal("ok", database.Scalar("pragma integrity_check"));
            commit = long.Parse(database.Scalar("select ifnull(max(n), 0) from w"), CultureInfo.InvariantCulture);
            Assert.Equal(Count(commit), database.Scalar("select count(*) from w"));
        }

        Assert.True(
            world.Tree.IsImage(commit, image), $"transaction {restored.Txid} is not what the owner had at commit {commit}");
        _line[restored.Txid.Value] = (commit, restored.Timestamp);
        return restored.Txid.Value;
    }

    private string Count(long commit) => world.Tree.Depth(commit).ToString(CultureInfo.InvariantCulture);

    private RestoreOptions Options()
    {
        File.Delete(world.ScratchPath);
        File.Delete(world.ScratchPath + "-wal");
        File.Delete(world.ScratchPath + "-shm");
        return new RestoreOptions
        {
            Store = world.Truth,
            ReplicaPath = FaultWorld.ReplicaPath,
            DestinationPath = world.ScratchPath,
            IsDurable = false,
        };
    }

    /// <summary>Compares with what was restored last, by the same statements.</summary>
    private async Task RunStockAsync(params string[] arguments)
    {
        var packages = await NodePackages.InstallAsync("tests/EndToEnd/Replica/litestream");
        using var restored = new TestDatabase(world.ScratchPath);
        string[] command =
        [
            RepositoryFolder.Path("tests/tools/verify_replica.py"), "--npm-dir", packages,
            "--file", world.ReplicaFolder, .. arguments,
            "--sql", Rows, "--expect", restored.Scalar(Rows), "--sql", Blobs, "--expect", restored.Scalar(Blobs),
            "--sql", "pragma integrity_check",
        ];
        var result = await Command.RunAsync("python3", command);
        Assert.True(result.ExitCode == 0, $"stock Litestream: {result}");
        // Where the database shrank, a stock reader that is opened anew takes the largest size that it finds in the
        // files for the size of the database, and SQLite calls the pages between unused; its restore knows better.
        var check = result.Output.Split('\n').Single(line => line.Contains("pragma integrity_check", StringComparison.Ordinal));
        var complaints = JsonDocument.Parse(check).RootElement.GetProperty("rows").EnumerateArray()
            .SelectMany(row => row[0].GetString()!.Split('\n'))
            .Where(line => line != "ok" && line != "*** in database main ***" && !line.EndsWith("is never used", StringComparison.Ordinal));
        Assert.Empty(complaints);
    }
}
