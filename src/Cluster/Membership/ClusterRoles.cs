namespace Platform.Cluster.Membership;

/// <summary>What a process does, as it tells the others.</summary>
internal static class ClusterRoles
{
    public const string ControlPlane = "control-plane";
    public const string TenantNode = "tenant-node";
    public const string Gateway = "gateway";
}
