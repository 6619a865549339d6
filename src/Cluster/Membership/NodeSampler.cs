using Platform.Cluster.Scheduling;
using Platform.Messages.Identity;

namespace Platform.Cluster.Membership;

/// <summary>Measures this process at every heartbeat.</summary>
internal sealed class NodeSampler
{
    /// <summary>The heartbeat of nodes.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly TenantShares _shares = new();
    private readonly DriveInfo _drive;
    private readonly TimeProvider _time;
    private TimeSpan _cpu;
    private long _measured;
    private volatile NodeReading _latest;

    public NodeSampler(string dataFolder, TimeProvider time)
    {
        _drive = new DriveInfo(dataFolder);
        _time = time;
        _measured = time.GetTimestamp();
        _cpu = Environment.CpuUsage.TotalTime;
        _latest = Measure(0, TenantReading.None);
    }

    /// <summary>Asked at each sample: what each open tenant has cost the processors so far.</summary>
    public Func<IEnumerable<KeyValuePair<TenantId, TimeSpan>>> Tenants { get; set; } = () => [];

    public NodeReading Latest => _latest;

    public Task RunAsync(CancellationToken stopping) => PeriodicLoop.RunAsync(_time, Interval, Sample, stopping);

    private void Sample()
    {
        var cpu = Environment.CpuUsage.TotalTime;
        var elapsed = _time.GetElapsedTime(_measured);
        var fraction = Math.Clamp((cpu - _cpu) / (elapsed * Environment.ProcessorCount), 0, 1);
        _cpu = cpu;
        _measured = _time.GetTimestamp();
        _latest = Measure(fraction, _shares.Sample(Tenants(), fraction, elapsed * Environment.ProcessorCount));
    }

    private NodeReading Measure(double cpuFraction, TenantReading tenants)
    {
        var (free, size) = ReadDisk();
        return new NodeReading(
            _time.GetUtcNow(), cpuFraction, Environment.WorkingSet, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            free, size, tenants);
    }

    /// <summary>A file system that cannot be asked shows as full: an operator should look.</summary>
    private (long Free, long Size) ReadDisk()
    {
        try
        {
            return (_drive.AvailableFreeSpace, _drive.TotalSize);
        }
        catch (IOException)
        {
            return (0, 0);
        }
    }
}
