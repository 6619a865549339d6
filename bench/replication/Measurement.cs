using System.Diagnostics;

namespace Platform.Replication.Bench;

/// <summary>One thing measured: the time of each round over the same bytes.</summary>
internal sealed class Measurement(string name, string? baseline, long bytes, Func<Task> run)
{
    private readonly List<double> _seconds = [];

    public string Name { get; } = name;

    /// <summary>The measurement that this one is compared with.</summary>
    public string? Baseline { get; } = baseline;

    /// <summary>Million bytes of pages a second, in the median round.</summary>
    public double MegabytesPerSecond => bytes / 1e6 / _seconds.Order().ElementAt(_seconds.Count / 2);

    /// <summary>Bytes allocated on the managed heap in the last round.</summary>
    public long AllocatedBytes { get; private set; }

    public async Task RunRoundAsync(bool isRecorded)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();
        await run();
        var elapsed = Stopwatch.GetElapsedTime(start);
        AllocatedBytes = GC.GetAllocatedBytesForCurrentThread() - allocated;
        if (isRecorded)
        {
            _seconds.Add(elapsed.TotalSeconds);
        }
    }
}
