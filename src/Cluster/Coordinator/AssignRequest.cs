namespace Platform.Cluster.Coordinator;

/// <summary>Asks the coordinator for the owner of a tenant.</summary>
internal sealed record AssignRequest
{
    public required string Tenant { get; init; }

    /// <summary>The epoch under which a node has denied to be the owner; 0: none has.</summary>
    public long KnownEpoch { get; init; }
}
