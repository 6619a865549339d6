namespace Platform.Cluster.Configuration.Options;

/// <summary>What a process is.</summary>
internal enum NodeMode
{
    AllInOne,
    ControlPlane,
    TenantNode,
    Gateway,
}
