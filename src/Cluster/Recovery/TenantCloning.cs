using Microsoft.Extensions.Logging;
using Platform.Cluster.Tenants;
using Platform.Messages.Identity;
using Platform.Messages.Tenants;
using Platform.Replication.ObjectStore;
using Platform.Replication.Restoring;
using Platform.TenantShard.Hosting.Recovery;

namespace Platform.Cluster.Recovery;

/// <summary>
/// Makes a tenant of another one's state. The new one is registered as deleted first: its id is taken, and no node
/// opens it. Then its data is stored; then the deletion is taken back. What dies in between leaves a deleted tenant.
/// </summary>
internal sealed partial class TenantCloning(
    TenantRegistry registry, TenantRecovery recovery, ILogger<TenantCloning> logger)
{
    /// <summary>Registers the tenant and stores the copy. It has the source's limits and labels, no domains.</summary>
    public async Task<RegistryAnswer> RunAsync(
        TenantDescriptor source, TenantCopy copy, TenantId into, CancellationToken cancellationToken)
    {
        var draft = new TenantDraft
        {
            Id = into,
            Domains = [],
            Durability = source.Durability,
            Quotas = source.Quotas,
            Metadata = source.Metadata,
            Status = TenantStatus.Deleted,
        };
        var answer = await registry.CreateAsync(draft, cancellationToken);
        if (answer.Tenant is null)
            return answer.Problem!.Fields.ContainsKey("id") ? RecoveryProblems.IntoTaken(into) : answer;

        // From here on it is finished also for a client that goes away.
        try
        {
            await recovery.CompleteCopyAsync(copy, into, CancellationToken.None);
        }
        catch (Exception failure) when (failure is ObjectStoreException or RestoreException or IOException)
        {
            LogUnfinished(into.Value, failure);
            return RecoveryProblems.CopyUnfinished(into);
        }

        return await registry.RestoreAsync(into, CancellationToken.None);
    }

    [LoggerMessage(3050, LogLevel.Error,
        "The copy of a tenant into {TenantId} could not be stored; the id stays that of a deleted tenant")]
    private partial void LogUnfinished(string tenantId, Exception failure);
}
