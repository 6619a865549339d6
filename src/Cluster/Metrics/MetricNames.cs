using System.Diagnostics.Metrics;
using System.Text;

namespace Platform.Cluster.Metrics;

/// <summary>
/// From the names of instruments to those of Prometheus: <c>gateway.request.duration</c> in seconds is
/// <c>platform_gateway_request_duration_seconds</c> (https://prometheus.io/docs/practices/naming/).
/// </summary>
internal static class MetricNames
{
    /// <summary>Seconds, from half a millisecond, where local reads are, to a request's longest wait.</summary>
    private static readonly double[] SecondBounds =
        [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    /// <summary>Bytes, from a small record to a large upload, in steps of four.</summary>
    private static readonly double[] ByteBounds =
        [256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864];

    private static readonly double[] CountBounds = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

    public static string Of(Instrument instrument, MetricKind kind)
    {
        var name = new StringBuilder();
        if (instrument.Meter.Name.StartsWith("Platform.", StringComparison.Ordinal)) name.Append("platform_");
        foreach (var character in instrument.Name) name.Append(char.IsAsciiLetterOrDigit(character) ? character : '_');
        AppendOnce(name, UnitSuffix(instrument.Unit));
        if (kind is MetricKind.Counter or MetricKind.ObservedCounter) AppendOnce(name, "_total");
        return name.ToString();
    }

    public static double[] BoundsOf(Instrument instrument)
    {
        var advised = instrument switch
        {
            Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => bounds,
            Histogram<int> { Advice.HistogramBucketBoundaries: { } bounds } => bounds.Select(bound => (double)bound),
            Histogram<long> { Advice.HistogramBucketBoundaries: { } bounds } => bounds.Select(bound => (double)bound),
            _ => null,
        };
        if (advised is not null) return [.. advised];
        return instrument.Unit switch
        {
            "s" => SecondBounds,
            "By" => ByteBounds,
            _ => CountBounds,
        };
    }

    /// <summary>Units are those of UCUM; a unit in braces is only a remark.</summary>
    private static string UnitSuffix(string? unit) => unit switch
    {
        "s" => "_seconds",
        "ms" => "_milliseconds",
        "By" => "_bytes",
        "1" => "_ratio",
        _ => "",
    };

    private static void AppendOnce(StringBuilder name, string suffix)
    {
        if (!name.ToString().EndsWith(suffix, StringComparison.Ordinal)) name.Append(suffix);
    }
}
