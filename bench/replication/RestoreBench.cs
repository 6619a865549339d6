using System.Diagnostics;
using System.Globalization;
using Platform.Replication.Ltx;
using Platform.Replication.ObjectStore;
using Platform.Replication.Restoring;
using Platform.Replication.Rewinding;
using Platform.Testing;
using Platform.Testing.ObjectStores;

namespace Platform.Replication.Bench;

/// <summary>
/// How long a tenant that is nowhere but in object storage takes to come back, and how long to be copied: from a folder
/// and from a real S3 server on loopback, as one snapshot and as a snapshot with many files on it.
/// </summary>
internal sealed class RestoreBench(BenchOptions options, byte[] database)
{
    private const int Increments = 64;

    /// <summary>Every so manyth page is in an increment, another share in each.</summary>
    private const int IncrementStep = 64;

    public async Task RunAsync()
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{database.Length / 1e6:F0} MB of {options.PageSize}-byte pages; median and worst of {options.Rounds} rounds\n\n"
            + $"{"",-38}{"seconds",10}{"worst",10}{"MB/s",10}"));
        using var folder = new TempFolder();
        using (var store = new FolderObjectStore(folder["objects"]))
        {
            await RunAsync("folder", store, folder);
        }

        await using var server = await S3Server.StartAsync();
        using var s3 = new S3ObjectStore(server.Options(await server.CreateBucketAsync()), TimeProvider.System);
        await RunAsync("s3", s3, folder);
    }

    private async Task RunAsync(string name, IObjectStore store, TempFolder folder)
    {
        await StoreSnapshotAsync(store, "snapshot/data.db");
        await StoreSnapshotAsync(store, "many/data.db");
        await StoreIncrementsAsync(store, "many/data.db");
        await MeasureAsync($"{name}: restore a snapshot", _ => RestoreAsync(store, "snapshot/data.db", folder));
        await MeasureAsync($"{name}: restore with {Increments} files more", _ => RestoreAsync(store, "many/data.db", folder));
        await MeasureAsync($"{name}: clone", round => CloneAsync(store, name, round, folder));
    }

    private async Task MeasureAsync(string name, Func<int, Task> run)
    {
        var seconds = new List<double>();
        for (var round = -2; round < options.Rounds; round++)
        {
            var started = Stopwatch.GetTimestamp();
            await run(round);
            if (round >= 0)
            {
                seconds.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
            }
        }

        seconds.Sort();
        var median = seconds[seconds.Count / 2];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-38}{median,10:F3}{seconds[^1],10:F3}{database.Length / 1e6 / median,10:F0}"));
    }

    private static Task<RestoredDatabase> RestoreAsync(IObjectStore store, string path, TempFolder folder) => DatabaseRestore.RestoreAsync(
        new RestoreOptions { Store = store, ReplicaPath = path, DestinationPath = folder["restored.db"] },
        RestoreTarget.Newest,
        progress: null,
        CancellationToken.None);

    private static async Task CloneAsync(IObjectStore store, string name, int round, TempFolder folder)
    {
        var options = new RewindOptions
        {
            Store = store,
            ReplicaPath = "snapshot/data.db",
            ScratchPath = Directory.CreateDirectory(folder["scratch"]).FullName,
        };
        var image = await PastImage.RestoreAsync(options, RestoreTarget.Newest, CancellationToken.None);
        await ReplicaSeed.RunAsync(
            store,
            string.Create(CultureInfo.InvariantCulture, $"clone-{name}-{round}/data.db"),
            image,
            TimeProvider.System,
            CancellationToken.None);
    }

    private async Task StoreSnapshotAsync(IObjectStore store, string path)
    {
        using var writer = new LtxWriter();
        await StoreAsync(store, path, ReplicaPath.SnapshotLevel, writer, txid: 1, first: 0, step: 1);
    }

    private async Task StoreIncrementsAsync(IObjectStore store, string path)
    {
        using var writer = new LtxWriter();
        for (var index = 0; index < Increments; index++)
        {
            await StoreAsync(store, path, level: 0, writer, (ulong)index + 2, first: index % IncrementStep, IncrementStep);
        }
    }

    private async Task StoreAsync(
        IObjectStore store, string path, int level, LtxWriter writer, ulong txid, int first, int step)
    {
        var pages = database.Length / options.PageSize;
        writer.Begin(new LtxHeader
        {
            PageSize = options.PageSize,
            Commit = (uint)pages,
            MinTxid = new Txid(txid),
            MaxTxid = new Txid(txid),
            TimestampMilliseconds = (long)txid,
        });
        for (var page = first; page < pages; page += step)
        {
            writer.AddPage((uint)page + 1, database.AsSpan(page * options.PageSize, options.PageSize));
        }

        var key = ReplicaPath.File(store.Layout, path, level, new Txid(txid), new Txid(txid));
        await store.CreateAsync(key, writer.Complete(), DateTimeOffset.UnixEpoch, CancellationToken.None);
    }
}
