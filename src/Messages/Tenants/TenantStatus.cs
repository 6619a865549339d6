namespace Platform.Messages.Tenants;

/// <summary>What the registry says about a tenant; whether it is active on a node is the node's business.</summary>
public enum TenantStatus
{
    /// <summary>Registered; may be activated at any time.</summary>
    Created,

    /// <summary>Deleted by an admin: refuses all requests, its data is kept for the recovery window.</summary>
    Deleted,
}
