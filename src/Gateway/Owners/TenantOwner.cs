namespace Platform.Gateway.Owners;

/// <summary>The node that owns a tenant.</summary>
/// <param name="Node">The owner.</param>
/// <param name="Epoch">The revision of the route; a later owner has a higher one.</param>
public readonly record struct TenantOwner(NodeAddress Node, long Epoch);
