namespace Platform.Cluster.Coordinator.Placement;

/// <summary>How hard rebalancing works, so that it cures more than it costs.</summary>
internal sealed record RebalanceLimits
{
    /// <summary>Distance between the fullest and the emptiest node at which rebalancing begins.</summary>
    public double BeginAt { get; init; } = 0.20;

    /// <summary>Distance at which it ends: well below, so that it does not begin again at once.</summary>
    public double EndAt { get; init; } = 0.08;

    /// <summary>
    /// The same for a node that is full by what is measured, not counted: measurements go up and down, and among many nodes
    /// some are always so far apart.
    /// </summary>
    public double EndAtMeasured { get; init; } = 0.14;

    /// <summary>Most moves of one plan.</summary>
    public int MovesMax { get; init; } = 20;

    /// <summary>Most moves of one plan that touch one node.</summary>
    public int MovesPerNodeMax { get; init; } = 4;
}
