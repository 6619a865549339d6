namespace Platform.Cluster.Metrics;

/// <summary>
/// One combination of tags of one instrument. Written by every thread that measures, read by a scrape; a scrape may
/// see a histogram's count a measurement before its sum.
/// </summary>
internal sealed class MetricSeries
{
    private readonly MetricKind _kind;
    private readonly double[] _bounds;
    private readonly long[] _buckets;
    private double _value;

    public MetricSeries(
        MetricKind kind, double[] bounds, KeyValuePair<string, object?>[] tags, MetricSeries? next)
    {
        _kind = kind;
        _bounds = bounds;
        _buckets = kind == MetricKind.Histogram ? new long[bounds.Length + 1] : [];
        Tags = tags;
        Next = next;
    }

    public KeyValuePair<string, object?>[] Tags { get; }

    /// <summary>Another series whose tags have the same hash.</summary>
    public MetricSeries? Next { get; }

    /// <summary>The sum, or the last measurement.</summary>
    public double Value => Volatile.Read(ref _value);

    /// <summary>The last scrape that an observed instrument reported this series to.</summary>
    public long Scrape { get; private set; }

    public void Record(double measurement, long scrape)
    {
        Scrape = scrape;
        if (_kind is MetricKind.Gauge or MetricKind.ObservedCounter)
        {
            Volatile.Write(ref _value, measurement);
            return;
        }

        if (_kind == MetricKind.Histogram) Interlocked.Increment(ref _buckets[BucketOf(measurement)]);
        Add(measurement);
    }

    /// <summary>Measurements up to and including each bound, and all of them at the end.</summary>
    public long[] CumulativeBuckets()
    {
        var cumulative = new long[_buckets.Length];
        var count = 0L;
        for (var index = 0; index < cumulative.Length; index++)
        {
            count += Volatile.Read(ref _buckets[index]);
            cumulative[index] = count;
        }

        return cumulative;
    }

    private int BucketOf(double measurement)
    {
        var index = 0;
        while (index < _bounds.Length && measurement > _bounds[index]) index++;
        return index;
    }

    private void Add(double measurement)
    {
        var seen = Volatile.Read(ref _value);
        while (true)
        {
            var before = Interlocked.CompareExchange(ref _value, seen + measurement, seen);
            if (before.Equals(seen)) return;
            seen = before;
        }
    }
}
