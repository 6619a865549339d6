using Platform.Gateway.Owners;

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
    /// <summary>Revision of the store at which it joined; of no meaning without a heartbeat.</summary>
    public long Joined { get; init; }

    /// <summary>Three heartbeats.</summary>
    public static readonly TimeSpan SilenceMax = NodeSampler.Interval * 3;

    /// <summary>Its last heartbeat; null: its lease has ended.</summary>
    public NodeDocument? Document
    {
        get;
        init
        {
            field = value;
            Target = TargetOf(Id, value, Target);
        }
    }
    = Document;

    /// <summary>
    /// Where requests for its tenants go; null while it is not among the living, or its address is none. Made when its
    /// address changes, because every forwarded request asks for it.
    /// </summary>
    public NodeAddress? Target { get; private init; } = TargetOf(Id, Document, known: null);

    /// <summary>More cannot be the way that a heartbeat takes.</summary>
    private static readonly TimeSpan ClockAheadMax = TimeSpan.FromSeconds(2);

    /// <summary>A heartbeat that was held up on its way looks like a clock that is behind.</summary>
    private static readonly TimeSpan ClockBehindMax = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How much its clock is before this process's (negative: behind), less the way of a heartbeat; zero when only one
    /// was heard.
    /// </summary>
    public TimeSpan ClockSkew { get; init; }

    /// <summary>Its clock is wrong, or this process's. Leases do not care, tokens and histories do.</summary>
    public bool IsClockOff => ClockSkew > ClockAheadMax || ClockSkew < -ClockBehindMax;

    public string Zone => Document?.Zone ?? Record?.Zone ?? "";

    public string Address => Document?.Address ?? Record?.Address ?? "";

    public IReadOnlyList<string> Roles => Document?.Roles ?? Record?.Roles ?? [];

    /// <summary>True when it runs tenants.</summary>
    public bool IsTenantNode => Roles.Contains(ClusterRoles.TenantNode);

    /// <summary>True when it gets no more tenants: an operator said so, or it was asked to stop.</summary>
    public bool IsCordoned => Cordon is not null || IsDraining;

    /// <summary>True when those that it has are moved away, too.</summary>
    public bool IsDraining => Cordon is { IsDraining: true } || Document is { IsLeaving: true };

    /// <summary>True when it could be given tenants.</summary>
    public bool CanTakeTenants => IsTenantNode && !IsCordoned && Document is not null;

    public NodeCondition ConditionAt(TimeProvider time)
    {
        if (Document is not { } document) return NodeCondition.Down;
        return document.Problems.Count > 0 || time.GetElapsedTime(HeardAt) > SilenceMax
            ? NodeCondition.Degraded
            : NodeCondition.Healthy;
    }

    private static NodeAddress? TargetOf(string id, NodeDocument? document, NodeAddress? known)
    {
        if (document is null) return null;
        if (known is not null && known.Url.OriginalString == document.Address) return known;
        return Uri.TryCreate(document.Address, UriKind.Absolute, out var url) ? new NodeAddress(id, url) : null;
    }
}
