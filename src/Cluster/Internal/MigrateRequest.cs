namespace Platform.Cluster.Internal;

/// <summary>A migration that another control plane was asked for, on its way to the coordinator.</summary>
internal sealed record MigrateRequest
{
    public required string Tenant { get; init; }

    /// <summary>The target; null: the coordinator chooses.</summary>
    public string? Node { get; init; }
}
