using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Platform.Cluster.Metrics;

/// <summary>
/// Listens to every instrument of this process's own meters (their name begins with <c>Platform.</c>) and of the
/// runtime, and keeps what Prometheus asks for. Bounded: a series over the limit is counted and left out.
/// </summary>
internal sealed partial class MetricsCollector : IDisposable
{
    private readonly ConcurrentDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();
    private readonly Lock _scraping = new();
    private readonly IMeterFactory _meters;
    private readonly int _seriesMax;

    /// <summary>Kept, because a measurement must not allocate.</summary>
    private readonly Func<bool> _mayAdd;
    private readonly ILogger<MetricsCollector> _logger;
    private long _seriesDropped;
    private int _seriesCount;
    private long _scrape;

    /// <param name="meters">Meters of another factory belong to another node in this process, and are left out.</param>
    /// <param name="seriesMax">Most series of all names together.</param>
    /// <param name="logger">For instruments that fail to answer.</param>
    public MetricsCollector(IMeterFactory meters, int seriesMax, ILogger<MetricsCollector> logger)
    {
        _meters = meters;
        _seriesMax = seriesMax;
        _mayAdd = MayAdd;
        _logger = logger;
        _listener.InstrumentPublished = Publish;
        _listener.SetMeasurementEventCallback<byte>((_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<short>((_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<float>((_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, state) => Record(value, tags, state));
        _listener.SetMeasurementEventCallback<decimal>((_, value, tags, state) => Record((double)value, tags, state));
        _listener.Start();
    }

    /// <summary>Series that were left out because there were too many.</summary>
    public long SeriesDropped => Interlocked.Read(ref _seriesDropped);

    /// <summary>Asks the observed instruments, then calls <paramref name="write"/> with all families by name.</summary>
    public void Scrape(Action<IEnumerable<MetricFamily>, long> write)
    {
        lock (_scraping)
        {
            _scrape++;
            try
            {
                _listener.RecordObservableInstruments();
            }
            catch (AggregateException failure)
            {
                // The others have answered: one broken gauge must not hide them.
                LogInstrumentFailed(failure);
            }

            write(_families.Values.OrderBy(family => family.Name, StringComparer.Ordinal), _scrape);
        }
    }

    public void Dispose() => _listener.Dispose();

    private static MetricKind KindOf(Instrument instrument)
    {
        var type = instrument.GetType();
        var generic = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        if (generic == typeof(Counter<>)) return MetricKind.Counter;
        if (generic == typeof(UpDownCounter<>)) return MetricKind.UpDownCounter;
        if (generic == typeof(Histogram<>)) return MetricKind.Histogram;
        return generic == typeof(ObservableCounter<>) ? MetricKind.ObservedCounter : MetricKind.Gauge;
    }

    private void Publish(Instrument instrument, MeterListener listener)
    {
        var meter = instrument.Meter;
        var isOurs = meter.Name.StartsWith("Platform.", StringComparison.Ordinal)
            && (meter.Scope is null || ReferenceEquals(meter.Scope, _meters));
        if (!isOurs && meter.Name != "System.Runtime") return;
        var kind = KindOf(instrument);
        var name = MetricNames.Of(instrument, kind);
        var family = _families.GetOrAdd(name, _ => new MetricFamily(
            name, instrument.Description ?? "", kind,
            kind == MetricKind.Histogram ? MetricNames.BoundsOf(instrument) : [], instrument.IsObservable));

        // Two instruments of one name and kind are one family; of two kinds, the first counts.
        if (family.Kind == kind) listener.EnableMeasurementEvents(instrument, family);
    }

    private void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        if (state is MetricFamily family) family.Find(tags, _mayAdd)?.Record(value, _scrape);
    }

    private bool MayAdd()
    {
        if (Interlocked.Increment(ref _seriesCount) <= _seriesMax) return true;
        Interlocked.Decrement(ref _seriesCount);
        Interlocked.Increment(ref _seriesDropped);
        return false;
    }

    [LoggerMessage(3040, LogLevel.Warning, "A metric could not be read")]
    private partial void LogInstrumentFailed(Exception failure);
}
