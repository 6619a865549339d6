using Platform.Gateway.Forwarding;

namespace Platform.Gateway.Proxying;

/// <summary>The node in the gateway's own process.</summary>
/// <param name="Id">Its id in the cluster.</param>
/// <param name="Tenants">Answers for its tenants without a hop.</param>
public sealed record LocalNode(string Id, ITenantBackend Tenants);
