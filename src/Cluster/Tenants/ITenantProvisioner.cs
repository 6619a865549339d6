using Platform.Messages.Identity;

namespace Platform.Cluster.Tenants;

/// <summary>What the registry asks of whoever runs the tenants.</summary>
internal interface ITenantProvisioner
{
    /// <summary>
    /// Makes the tenant's superuser, or gives the one with this e-mail a new password. Durable when it returns.
    /// </summary>
    Task CreateSuperuserAsync(TenantId tenant, SuperuserAccount account, CancellationToken cancellationToken);

    /// <summary>Closes the tenant if it is active: it was deleted, or its limits changed.</summary>
    ValueTask EvictAsync(TenantId tenant);
}
