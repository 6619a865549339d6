using System.Diagnostics.Metrics;

namespace Platform.Cluster.Liveness;

/// <summary>What this process saw of the lives of others.</summary>
internal sealed class LivenessMetrics
{
    private readonly Counter<long> _deaths;

    /// <param name="meters">Makes the meter.</param>
    /// <param name="watched">How many processes are followed now.</param>
    public LivenessMetrics(IMeterFactory meters, Func<int> watched)
    {
        var meter = meters.Create(Metrics.NodeMetrics.MeterName);
        _deaths = meter.CreateCounter<long>(
            "cluster.watch.deaths", "{process}", "Processes that looked dead before their lease had ended.");
        meter.CreateObservableGauge(
            "cluster.watch.connections", watched, "{connection}", "Processes to which this one keeps a connection open.");
    }

    /// <param name="isEnded">False: the process proved that it lives, or another was faster.</param>
    public void Decided(bool isEnded) =>
        _deaths.Add(1, new KeyValuePair<string, object?>("outcome", isEnded ? "ended" : "disproved"));
}
