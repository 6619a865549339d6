using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Platform.Commit.Bench;
using Platform.Messages.Identity;
using Platform.Replication.ObjectStore;
using Platform.TenantShard.Hosting;
using Platform.Testing;
using Platform.Testing.ObjectStores;

// What many open tenants cost one process: memory, open files, threads, and the requests to object storage when idle.
// Usage: scale [TENANTS [IDLE-SECONDS [RESULT.json]]]
const int Callers = 16;
const int Rounds = 3;
var tenants = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5000;
var idle = TimeSpan.FromSeconds(args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 60);
using var folder = new TempFolder();
using var folderStore = new FolderObjectStore(folder["objects"]);
var store = new FaultyObjectStore(folderStore);
await using var node = new BenchNode(store, folder["cache"], epoch: 1, activeMax: tenants + 1000, memoryBytes: 16L << 30);
for (var warm = 0; warm < 50; warm++)
{
    await CreateAsync(TenantId.Parse($"warm-{warm}"));
}

var before = Look();
var started = Stopwatch.GetTimestamp();
await ForEachTenantAsync(CreateAsync);
var openSeconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
var open = Look();

// In an order in which each tenant was at rest for the longest time that the limit of open files allows.
started = Stopwatch.GetTimestamp();
for (var round = 0; round < Rounds; round++)
{
    await ForEachTenantAsync(id => node.WriteAsync(id, "INSERT INTO bench(a) VALUES (randomblob(200))"));
}

var writeSeconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
var written = Look();
await Task.Delay(idle, TimeProvider.System);
var rested = Look();
var report = JsonSerializer.Serialize(
    new
    {
        runtime = Environment.Version.ToString(),
        processors = Environment.ProcessorCount,
        loadAverage = (await File.ReadAllTextAsync("/proc/loadavg")).Trim(),
        tenants = node.Active,
        openedPerSecond = Math.Round(tenants / openSeconds),
        writesPerSecond = Math.Round(Rounds * tenants / writeSeconds),
        requestsPerWrite = (double)(written.Requests - open.Requests) / (Rounds * tenants),
        residentMegabytes = rested.ResidentBytes / 1e6,
        residentKilobytesPerTenant = Math.Round((rested.ResidentBytes - before.ResidentBytes) / 1e3 / tenants, 1),
        openFilesMax = OpenFileLimit.Read().Files,
        openFilesBefore = before.Files,
        openFilesOpened = open.Files,
        openFilesWritten = written.Files,
        openFilesIdle = rested.Files,
        threadsBefore = before.Threads,
        threadsWritten = written.Threads,
        threadsIdle = rested.Threads,
        idleSeconds = idle.TotalSeconds,
        requestsWhileIdle = rested.Requests - written.Requests,
        processorSecondsWhileIdle = Math.Round((rested.Processor - written.Processor).TotalSeconds, 2),
    },
    new JsonSerializerOptions { WriteIndented = true });
Console.WriteLine(report);
if (args.Length > 2)
{
    await File.WriteAllTextAsync(args[2], report + "\n");
}

async Task CreateAsync(TenantId id) => await node.WriteAsync(id, "CREATE TABLE bench(id INTEGER PRIMARY KEY, a)");

Task ForEachTenantAsync(Func<TenantId, Task> act) => Parallel.ForEachAsync(
    Enumerable.Range(0, tenants),
    new ParallelOptions { MaxDegreeOfParallelism = Callers },
    async (index, _) => await act(TenantId.Parse($"tenant-{index}")));

(long ResidentBytes, int Files, int Threads, long Requests, TimeSpan Processor) Look()
{
    using var process = Process.GetCurrentProcess();
    return (
        process.WorkingSet64,
        Directory.GetFileSystemEntries("/proc/self/fd").Length,
        process.Threads.Count,
        store.Traffic.Requests(ObjectOperations.All),
        process.TotalProcessorTime);
}
