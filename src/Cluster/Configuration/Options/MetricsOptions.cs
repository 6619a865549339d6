namespace Platform.Cluster.Configuration.Options;

/// <summary>The metrics endpoint (<c>platform.metrics</c>).</summary>
internal sealed record MetricsOptions
{
    public required int SeriesMax { get; init; }
}
