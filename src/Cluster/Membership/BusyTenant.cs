namespace Platform.Cluster.Membership;

/// <summary>A tenant that uses much of its node's processors.</summary>
internal sealed record BusyTenant
{
    public required string Tenant { get; init; }

    /// <summary>Of all processors of the machine together, 0 to 1; over the last minute, roughly.</summary>
    public double Cpu { get; init; }
}
