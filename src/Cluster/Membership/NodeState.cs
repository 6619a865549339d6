namespace Platform.Cluster.Membership;

/// <summary>One node in the copy of membership; immutable.</summary>
/// <param name="Id">The node.</param>
/// <param name="Document">Its last heartbeat; null: its lease has ended.</param>
/// <param name="HeardAt">When that heartbeat arrived here, by this process's monotonic clock.</param>
/// <param name="Record">What is remembered of it; null: it left in good order, or never was.</param>
/// <param name="Cordon">Set while it gets no more tenants.</param>
internal sealed record NodeState(
    string Id, NodeDocument? Document, long HeardAt, NodeRecord? Record, NodeCordon? Cordon)
{
    /// <summary>Three heartbeats.</summary>
    public static readonly TimeSpan SilenceMax = NodeSampler.Interval * 3;

    public string Zone => Document?.Zone ?? Record?.Zone ?? "";

    public string Address => Document?.Address ?? Record?.Address ?? "";

    public IReadOnlyList<string> Roles => Document?.Roles ?? Record?.Roles ?? [];

    /// <summary>True when it runs tenants.</summary>
    public bool IsTenantNode => Roles.Contains(ClusterRoles.TenantNode);

    public bool IsCordoned => Cordon is not null;

    public bool IsDraining => Cordon is { IsDraining: true };

    public NodeCondition ConditionAt(TimeProvider time)
    {
        if (Document is not { } document) return NodeCondition.Down;
        return document.Problems.Count > 0 || time.GetElapsedTime(HeardAt) > SilenceMax
            ? NodeCondition.Degraded
            : NodeCondition.Healthy;
    }
}
