using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Platform.Commit.Bench;
using Platform.Messages.Identity;
using Platform.Replication.ObjectStore;
using Platform.Replication.Restoring;
using Platform.Testing;
using Platform.Testing.ObjectStores;

// Commit latency and throughput of both durabilities, and restore and cold start of a tenant of 100 MB, on a folder
// and on a real S3 server on loopback. Usage: commit [SECONDS-OF-EACH [RESULT.json]]
const int LargeRows = 100;
var seconds = args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 5;
using var folder = new TempFolder();
await using var server = await S3Server.StartAsync();
using var folderStore = new FolderObjectStore(folder["objects"]);
using var s3Store = new S3ObjectStore(server.Options(await server.CreateBucketAsync()), TimeProvider.System);
var commits = new List<object>();
var restores = new List<object>();
var gathering = new List<object>();
foreach (var (name, store) in new (string, IObjectStore)[] { ("folder", folderStore), ("s3", s3Store) })
{
    await using (var node = new BenchNode(store, folder[$"cache-{name}"], epoch: 1))
    {
        foreach (var durability in new[] { "replicated", "local" })
        {
            foreach (var writers in new[] { 1, 8, 64 })
            {
                commits.Add(await MeasureCommitsAsync(node, name, durability, writers));
            }
        }

        var large = TenantId.Parse("replicated-large");
        await node.WriteAsync(large, "CREATE TABLE bench(id INTEGER PRIMARY KEY, a)");
        for (var row = 0; row < LargeRows; row++)
        {
            await node.WriteAsync(large, "INSERT INTO bench(a) VALUES (randomblob(1000000))");
        }
    }

    restores.Add(await MeasureRestoreAsync(store, name));
    gathering.AddRange(await GatheringBench.RunAsync(store, name, folder, TimeSpan.FromSeconds(seconds / 10)));
}

var report = JsonSerializer.Serialize(
    new
    {
        runtime = Environment.Version.ToString(),
        processors = Environment.ProcessorCount,
        loadAverage = (await File.ReadAllTextAsync("/proc/loadavg")).Trim(),
        secondsOfEach = seconds,
        commits,
        gathering,
        restores,
    },
    new JsonSerializerOptions { WriteIndented = true });
Console.WriteLine(report);
if (args.Length > 1)
{
    await File.WriteAllTextAsync(args[1], report + "\n");
}

async Task<object> MeasureCommitsAsync(BenchNode node, string store, string durability, int writers)
{
    var tenant = TenantId.Parse($"{durability}-{writers}");
    await node.WriteAsync(tenant, "CREATE TABLE bench(id INTEGER PRIMARY KEY, a)");
    await WriteForAsync(node, tenant, writers, TimeSpan.FromSeconds(Math.Min(1, seconds)));
    var started = Stopwatch.GetTimestamp();
    var times = await WriteForAsync(node, tenant, writers, TimeSpan.FromSeconds(seconds));
    var took = Stopwatch.GetElapsedTime(started);
    times.Sort();
    return new
    {
        store,
        durability,
        writers,
        perSecond = Math.Round(times.Count / took.TotalSeconds),
        p50Milliseconds = Math.Round(times[times.Count / 2], 2),
        p99Milliseconds = Math.Round(times[times.Count * 99 / 100], 2),
    };
}

static async Task<List<double>> WriteForAsync(BenchNode node, TenantId tenant, int writers, TimeSpan time)
{
    var started = Stopwatch.GetTimestamp();
    var all = await Task.WhenAll(Enumerable.Range(0, writers).Select(_ => Task.Run(async () =>
    {
        var times = new List<double>();
        do
        {
            var began = Stopwatch.GetTimestamp();
            await node.WriteAsync(tenant, InsertCommand.Small);
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
        while (Stopwatch.GetElapsedTime(started) < time);
        return times;
    })));
    return [.. all.SelectMany(times => times)];
}

async Task<object> MeasureRestoreAsync(IObjectStore store, string name)
{
    var options = new RestoreOptions
    {
        Store = store,
        ReplicaPath = "tenants/replicated-large/data.db",
        DestinationPath = folder["restored.db"],
        IsDurable = false,
    };
    var megabytesPerSecond = new List<double>();
    var coldMilliseconds = new List<double>();
    for (var round = 0; round < 3; round++)
    {
        var started = Stopwatch.GetTimestamp();
        await DatabaseRestore.RestoreAsync(options, RestoreTarget.Newest, progress: null, CancellationToken.None);
        var bytes = new FileInfo(options.DestinationPath).Length;
        megabytesPerSecond.Add(bytes / 1e6 / Stopwatch.GetElapsedTime(started).TotalSeconds);
        await using var node = new BenchNode(store, folder[$"cold-{name}-{round}"], epoch: 2 + round);
        started = Stopwatch.GetTimestamp();
        await node.OpenAsync(TenantId.Parse("replicated-large"));
        coldMilliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    return new
    {
        store = name,
        megabytes = LargeRows,
        restoreMegabytesPerSecond = megabytesPerSecond.Select(value => Math.Round(value)),
        coldStartMilliseconds = coldMilliseconds.Select(value => Math.Round(value)),
    };
}
