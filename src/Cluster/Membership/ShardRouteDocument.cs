namespace Platform.Cluster.Membership;

/// <summary>The value of <c>/routes/{tenant}</c>.</summary>
internal sealed record ShardRouteDocument
{
    /// <summary>The owner.</summary>
    public required string Node { get; init; }

    /// <summary>The owner before; null: none.</summary>
    public string? From { get; init; }

    /// <summary>The coordinator's epoch that decided it.</summary>
    public long Coordinator { get; init; }

    /// <summary>True: the owner opens the tenant at once, because it was in use where it was before.</summary>
    public bool Activate { get; init; }

    /// <summary>
    /// Why: <c>assigned</c>, <c>lost</c>, <c>drained</c>, <c>rebalanced</c>, <c>moved</c>, <c>returned</c>.
    /// </summary>
    public string Reason { get; init; } = "";

    /// <summary>When it was decided, by the coordinator's clock; for people. Null: by an earlier release.</summary>
    public DateTimeOffset? Since { get; init; }
}
