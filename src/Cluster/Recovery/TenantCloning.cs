using Microsoft.Extensions.Logging;
using Platform.Cluster.Tenants;
using Platform.Messages.Identity;
using Platform.Messages.Tenants;
using Platform.Replication.ObjectStore;
using Platform.Replication.Restoring;
using Platform.TenantShard.Hosting.Recovery;

namespace Platform.Cluster.Recovery;

/// <summary>Makes a tenant of another one's state.</summary>
internal sealed partial class TenantCloning(
    TenantReservations reservations, TenantRecovery recovery, ILogger<TenantCloning> logger)
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
        };
        try
        {
            // Once begun it is finished also for a client that goes away.
            var answer = await reservations.FillAsync(
                draft, () => recovery.CompleteCopyAsync(copy, into, CancellationToken.None), cancellationToken);
            return answer.Problem?.Fields.ContainsKey("id") == true ? RecoveryProblems.IntoTaken(into) : answer;
        }
        catch (Exception failure) when (failure is ObjectStoreException or RestoreException or IOException)
        {
            LogUnfinished(into.Value, failure);
            return RecoveryProblems.CopyUnfinished(into);
        }
    }

    [LoggerMessage(3050, LogLevel.Error, "The copy of a tenant into {TenantId} could not be stored")]
    private partial void LogUnfinished(string tenantId, Exception failure);
}
