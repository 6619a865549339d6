using Platform.Cluster.Http;
using Platform.Messages.Identity;
using Platform.TenantShard.Hosting;

namespace Platform.Cluster.Tenants;

/// <summary>What the registry's API asks of whoever runs the tenants.</summary>
internal interface ITenantProvisioner
{
    /// <summary>
    /// Makes the tenant's superuser, or gives the one with this e-mail a new password. Durable when it answers null;
    /// else what is wrong, with the fields <c>email</c> and <c>password</c>.
    /// </summary>
    Task<ApiProblem?> CreateSuperuserAsync(
        TenantId tenant, SuperuserAccount account, CancellationToken cancellationToken);

    /// <summary>Closes the tenant if it is active: it was deleted, or its limits changed.</summary>
    Task EvictAsync(TenantId tenant);

    /// <summary>What the tenant stores; null when it cannot be told now.</summary>
    Task<TenantStorage?> FindStorageAsync(TenantId tenant, CancellationToken cancellationToken);

    /// <summary>Removes what the node keeps of a tenant that is no more.</summary>
    Task ForgetAsync(TenantId tenant);
}
