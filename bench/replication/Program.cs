using System.Runtime.InteropServices;
using Platform.Replication.Bench;
using Platform.Replication.Bench.Cost;

// How fast the LTX codec is, compared in the same run with what it cannot be faster than: LZ4 by itself.
// Or, with `restore` in front, how fast a tenant comes back from object storage; with `cost`, what a month of it costs.
var isRestore = args is ["restore", ..];
var isCost = args is ["cost", ..];
var options = BenchOptions.Parse(isRestore || isCost ? args[1..] : args);
var database = SampleDatabase.Build(options.Megabytes << 20, options.PageSize);
if (isRestore)
{
    await new RestoreBench(options, database).RunAsync();
    return;
}

if (isCost)
{
    await new CostBench(options, database).RunAsync();
    return;
}

using var workload = new Workload(database, options.PageSize);

const string Compress = "lz4 block compress";
const string Decompress = "lz4 block decompress";
Measurement[] measurements =
[
    Create(Compress, null, workload.Lz4Compress),
    Create(Decompress, null, workload.Lz4Decompress),
    Create("crc-64", null, workload.Checksum),
    Create("ltx encode", Compress, workload.LtxEncode),
    Create("ltx decode", Decompress, workload.LtxDecode),
    new("ltx decode stream", Decompress, database.Length, workload.LtxDecodeStreamAsync),
    new("ltx merge", Compress, database.Length, workload.LtxMergeAsync),
];

// Rounds take turns, so that a slow moment of the machine hits all alike. The first ones compile and warm up.
const int WarmupRounds = 3;
for (var round = 0; round < WarmupRounds + options.Rounds; round++)
{
    foreach (var measurement in measurements)
    {
        await measurement.RunRoundAsync(isRecorded: round >= WarmupRounds);
    }
}

var report = new Report(
    RuntimeInformation.FrameworkDescription,
    ProcessorName(),
    options.PageSize,
    database.Length,
    workload.File.Length,
    options.Rounds,
    [.. measurements.Select(RowOf)]);
report.WriteTable(Console.Out);
if (options.JsonFile is null)
{
    Console.WriteLine();
    Console.WriteLine(report.ToJson());
}
else
{
    await File.WriteAllTextAsync(options.JsonFile, report.ToJson() + "\n");
}

Measurement Create(string name, string? baseline, Action run) => new(name, baseline, database.Length, () =>
{
    run();
    return Task.CompletedTask;
});

Report.Row RowOf(Measurement measurement)
{
    var baseline = measurements.FirstOrDefault(other => other.Name == measurement.Baseline);
    var speed = Math.Round(measurement.MegabytesPerSecond, 1);
    return new(measurement.Name, speed, ShareOf(speed, baseline), measurement.AllocatedBytes);
}

static double? ShareOf(double speed, Measurement? baseline) =>
    baseline is null ? null : Math.Round(speed / baseline.MegabytesPerSecond, 3);

static string ProcessorName() => File.Exists("/proc/cpuinfo")
    ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?
        .Split(':', 2)[1].Trim() ?? "unknown processor"
    : "unknown processor";
