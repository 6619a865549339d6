namespace Platform.Cluster.Events;

/// <summary>Something that happened in the cluster, for people and for programs that watch it.</summary>
internal sealed record ClusterEvent
{
    public required EventId Id { get; init; }

    /// <summary>One of <see cref="EventKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>When this process heard of it; of what was before its start, the time of a heartbeat next to it.</summary>
    public required DateTimeOffset Time { get; init; }

    public string? Tenant { get; init; }

    /// <summary>The node that it is about; of a tenant's event, where the tenant is now.</summary>
    public string? Node { get; init; }

    /// <summary>Where the tenant was before.</summary>
    public string? From { get; init; }

    /// <summary>Why, in words.</summary>
    public string? Reason { get; init; }
}
