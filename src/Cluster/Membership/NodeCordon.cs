namespace Platform.Cluster.Membership;

/// <summary>
/// An operator's word that a node gets no more tenants: the value of <c>/nodes-cordoned/{id}</c>. It outlives the node's
/// restarts, and no heartbeat can undo it.
/// </summary>
internal sealed record NodeCordon
{
    /// <summary>True: the tenants that it has are moved away as well.</summary>
    public bool IsDraining { get; init; }

    public DateTimeOffset Since { get; init; }
}
