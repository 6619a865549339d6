namespace Platform.Cluster.Membership;

/// <summary>What tenants use of a node's processors, all fractions of all processors together, over about a minute.</summary>
/// <param name="CpuSteady">The whole process.</param>
/// <param name="CpuOfTenants">Its tenants.</param>
/// <param name="Busiest">Those of them that use most, the first one the most.</param>
internal sealed record TenantReading(double CpuSteady, double CpuOfTenants, IReadOnlyList<BusyTenant> Busiest)
{
    public static TenantReading None { get; } = new(0, 0, []);
}
