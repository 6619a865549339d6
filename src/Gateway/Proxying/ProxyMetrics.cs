using System.Diagnostics.Metrics;

namespace Platform.Gateway.Proxying;

/// <summary>Counts what happens between the gateway and the nodes.</summary>
public sealed class ProxyMetrics
{
    private static readonly string[] Outcomes =
        ["answered", "misdirected", "unreached", "broken", "timed_out", "cut_off", "aborted"];

    private readonly Counter<long> _attempts;
    private readonly UpDownCounter<long> _held;
    private readonly Counter<long> _opened;

    /// <summary>Creates the instruments.</summary>
    public ProxyMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Forwarding.GatewayMetrics.MeterName);
        _attempts = meter.CreateCounter<long>(
            "gateway.forward.attempts", "{attempt}", "Requests sent to nodes, by outcome; a retry counts again.");
        _held = meter.CreateUpDownCounter<long>(
            "gateway.requests.held", "{request}", "Requests that wait for their tenant to have an owner that answers.");
        _opened = meter.CreateCounter<long>(
            "gateway.breaker.opened", "{opening}", "Times that a node was left alone after failures in a row.");
    }

    internal void Attempted(AttemptOutcome outcome) =>
        _attempts.Add(1, new KeyValuePair<string, object?>("outcome", Outcomes[(int)outcome]));

    internal void HeldBegan() => _held.Add(1);

    internal void HeldEnded() => _held.Add(-1);

    internal void BreakerOpened() => _opened.Add(1);
}
