using System.Diagnostics.Metrics;

namespace Platform.Cluster.Coordinator;

/// <summary>What the coordinator decided.</summary>
internal sealed class CoordinatorMetrics
{
    private readonly Counter<long> _assigned;
    private readonly Counter<long> _moved;

    /// <param name="meters">Makes the meter.</param>
    /// <param name="isLeading">True while this process is the coordinator.</param>
    public CoordinatorMetrics(IMeterFactory meters, Func<bool> isLeading)
    {
        var meter = meters.Create(Metrics.NodeMetrics.MeterName);
        _assigned = meter.CreateCounter<long>(
            "coordinator.assignments", "{tenant}", "Tenants that were given a node because somebody asked for them.");
        _moved = meter.CreateCounter<long>(
            "coordinator.moves", "{tenant}", "Tenants that were given another node: lost, drained, rebalanced.");
        meter.CreateObservableGauge(
            "coordinator.leading", () => isLeading() ? 1 : 0, "{process}", "1 while this process is the coordinator.");
    }

    public void Assigned() => _assigned.Add(1);

    public void Moved(string reason, int count) => _moved.Add(count, new KeyValuePair<string, object?>("reason", reason));
}
