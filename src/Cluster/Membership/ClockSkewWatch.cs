using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Platform.Cluster.Scheduling;

namespace Platform.Cluster.Membership;

/// <summary>Warns of clocks of the cluster that differ from this process's.</summary>
internal sealed partial class ClockSkewWatch
{
    private readonly NodeTable _nodes;
    private readonly TimeProvider _time;
    private readonly ILogger<ClockSkewWatch> _logger;
    private readonly HashSet<string> _warned = new(StringComparer.Ordinal);

    public ClockSkewWatch(IMeterFactory meters, NodeTable nodes, TimeProvider time, ILogger<ClockSkewWatch> logger)
    {
        (_nodes, _time, _logger) = (nodes, time, logger);
        meters.Create(Metrics.NodeMetrics.MeterName).CreateObservableGauge(
            "cluster.clock.skew", () => Largest().TotalSeconds, "s",
            "Largest difference between the clock of a node and this process's, as heartbeats tell it.");
    }

    public Task RunAsync(CancellationToken stopping) => PeriodicLoop.RunAsync(_time, NodeSampler.Interval, Look, stopping);

    private TimeSpan Largest() => _nodes.Nodes.Values.Where(node => node.Document is not null)
        .Select(node => node.ClockSkew.Duration()).DefaultIfEmpty().Max();

    private void Look()
    {
        foreach (var node in _nodes.Nodes.Values)
        {
            if (node is not { Document: not null, IsClockOff: true }) _warned.Remove(node.Id);
            else if (_warned.Add(node.Id)) LogSkew(node.Id, node.ClockSkew.TotalSeconds);
        }
    }

    [LoggerMessage(3142, LogLevel.Warning, "The clock of node {NodeId} differs from this process's by {Seconds:0.0} s")]
    private partial void LogSkew(string nodeId, double seconds);
}
