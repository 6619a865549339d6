using System.Diagnostics.Metrics;

namespace Platform.Cluster.Coordinator;

/// <summary>What the coordinator decided.</summary>
internal sealed class CoordinatorMetrics
{
    private readonly Counter<long> _assigned;
    private readonly Counter<long> _moved;
    private readonly Counter<long> _movesEnded;
    private readonly Histogram<double> _pause;

    /// <param name="meters">Makes the meter.</param>
    /// <param name="isLeading">True while this process is the coordinator.</param>
    public CoordinatorMetrics(IMeterFactory meters, Func<bool> isLeading)
    {
        var meter = meters.Create(Metrics.NodeMetrics.MeterName);
        _assigned = meter.CreateCounter<long>(
            "coordinator.assignments", "{tenant}", "Tenants that were given a node because somebody asked for them.");
        _moved = meter.CreateCounter<long>(
            "coordinator.moves", "{tenant}", "Tenants that were given another node: lost, drained, rebalanced.");
        _movesEnded = meter.CreateCounter<long>(
            "coordinator.moves.ended", "{move}", "Moves of living tenants, by the step that they got to.");
        _pause = meter.CreateHistogram(
            "coordinator.move.pause", "s", "How long new requests of a tenant were held while it moved.",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
            });
        meter.CreateObservableGauge(
            "coordinator.leading", () => isLeading() ? 1 : 0, "{process}", "1 while this process is the coordinator.");
    }

    public void Assigned() => _assigned.Add(1);

    /// <param name="step">Where it ended.</param>
    /// <param name="pause">Of requests; null when it did not come to its end.</param>
    public void MoveEnded(MoveStep step, TimeSpan? pause)
    {
        _movesEnded.Add(1, new KeyValuePair<string, object?>("step", NameOf(step)));
        if (pause is { } held) _pause.Record(held.TotalSeconds);
    }

    public void Moved(string reason, int count) => _moved.Add(count, new KeyValuePair<string, object?>("reason", reason));

    private static string NameOf(MoveStep step) => step switch
    {
        MoveStep.Plan => "plan",
        MoveStep.Prepare => "prepare",
        MoveStep.HandOff => "hand-off",
        MoveStep.Route => "route",
        MoveStep.Open => "open",
        _ => "done",
    };
}
