namespace Platform.Cluster.Metrics;

/// <summary>How the measurements of an instrument become a sample.</summary>
internal enum MetricKind
{
    /// <summary>Measurements are added up; the sum never falls.</summary>
    Counter,

    /// <summary>Measurements are added up; the sum may fall.</summary>
    UpDownCounter,

    /// <summary>The last measurement counts.</summary>
    Gauge,

    /// <summary>The last measurement counts, and is a sum that never falls.</summary>
    ObservedCounter,

    /// <summary>Measurements are counted in buckets.</summary>
    Histogram,
}
