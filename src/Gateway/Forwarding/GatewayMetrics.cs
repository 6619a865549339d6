using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Platform.Gateway.Forwarding;

/// <summary>Counts and times the requests of tenants, of all tenants together. Recording allocates nothing.</summary>
public sealed class GatewayMetrics
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Platform.Gateway";

    private static readonly string[] StatusClasses = ["none", "1xx", "2xx", "3xx", "4xx", "5xx"];

    private readonly Counter<long> _requests;
    private readonly UpDownCounter<long> _active;
    private readonly Histogram<double> _duration;

    /// <summary>Creates the instruments.</summary>
    public GatewayMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _requests = meter.CreateCounter<long>(
            "gateway.requests", "{request}", "Requests of tenants, by outcome and class of status.");
        _active = meter.CreateUpDownCounter<long>(
            "gateway.requests.active", "{request}", "Requests of tenants that are being answered.");
        _duration = meter.CreateHistogram<double>(
            "gateway.request.duration",
            "s",
            "Time from the gateway to the end of the answer; streams (server-sent events, WebSocket) are left out.",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries =
                    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5, 10],
            });
    }

    internal void Started() => _active.Add(1);

    internal void Finished(string outcome, int status, bool isStream, TimeSpan elapsed)
    {
        var statusClass = StatusClasses[status / 100 is >= 1 and <= 5 and var digit ? digit : 0];
        var tags = new TagList { { "outcome", outcome }, { "status_class", statusClass } };
        _active.Add(-1);
        _requests.Add(1, tags);
        if (!isStream) _duration.Record(elapsed.TotalSeconds, tags);
    }
}
