namespace Platform.Cluster.Coordinator;

/// <summary>The owner of a tenant.</summary>
internal sealed record AssignAnswer
{
    public required string Node { get; init; }

    public required string Address { get; init; }

    public required long Epoch { get; init; }
}
