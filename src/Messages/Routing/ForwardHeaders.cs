namespace Platform.Messages.Routing;

/// <summary>
/// Headers between a gateway and a node, on the node's internal listener only. A gateway removes whatever a client
/// sent under these names; a node believes them only beside the cluster's secret.
/// </summary>
public static class ForwardHeaders
{
    /// <summary>What every name of these begins with.</summary>
    public const string Prefix = "X-Platform-";

    /// <summary>The tenant that the gateway has found: <c>acme</c>.</summary>
    public const string Tenant = "X-Platform-Tenant";

    /// <summary>The secret that all processes of a cluster share (<c>platform.cluster.secret</c>).</summary>
    public const string Secret = "X-Platform-Secret";

    /// <summary>The address of the client as the gateway sees it: an IP address without a port.</summary>
    public const string ClientAddress = "X-Platform-Client-Address";

    /// <summary>How the client reached the gateway: <c>http</c> or <c>https</c>.</summary>
    public const string ClientScheme = "X-Platform-Client-Scheme";

    /// <summary>
    /// The request is an operator's, about the tenant's data: the node's admin API answers it. <c>owner</c>: only the
    /// tenant's owner may; <c>known</c>: any node that has heard of the tenant, which is deleted; <c>new</c>: any node.
    /// </summary>
    public const string Operation = "X-Platform-Operation";

    /// <summary>
    /// In an answer with status 421: the request reached a node that does not own the tenant and did nothing there. Its
    /// value is the epoch of the route that the node knows, or 0.
    /// </summary>
    public const string Misdirected = "X-Platform-Misdirected";

    /// <summary>
    /// Beside the former: the tenant is being moved away from the node at this moment. Its route changes within a
    /// fraction of a second, or the node serves it again; nobody needs to be asked.
    /// </summary>
    public const string Moving = "X-Platform-Moving";
}
