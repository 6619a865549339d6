using Platform.Messages.Identity;

namespace Platform.Cluster.Membership;

/// <summary>Where membership, routes and the coordinator keep things in the cluster store.</summary>
internal static class ClusterKeys
{
    /// <summary>Everything about nodes, for one watch.</summary>
    public const string AllOfNodes = "/nodes";

    public const string Nodes = "/nodes/";
    public const string KnownNodes = "/nodes-known/";
    public const string CordonedNodes = "/nodes-cordoned/";

    public const string Routes = "/routes/";

    /// <summary>The coordinator's candidacy; its create revision is the epoch.</summary>
    public const string Coordinator = "/coordinator";

    /// <summary>
    /// The tenants that a node has open, one id per line; not on its lease, so that it can be read when the node is
    /// lost.
    /// </summary>
    private const string ActiveTenants = "/active/";

    public static string Node(string id) => Nodes + id;

    public static string KnownNode(string id) => KnownNodes + id;

    public static string CordonedNode(string id) => CordonedNodes + id;

    public static string ActiveOf(string node) => ActiveTenants + node;

    public static string Route(TenantId tenant) => Routes + tenant.Value;
}
