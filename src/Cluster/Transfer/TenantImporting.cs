using Microsoft.Extensions.Logging;
using Platform.Cluster.Tenants;
using Platform.Messages.Identity;
using Platform.Messages.Tenants;
using Platform.Replication.ObjectStore;
using Platform.Replication.Restoring;
using Platform.TenantShard.Hosting.Recovery;
using Platform.TenantShard.PocketBaseData;

namespace Platform.Cluster.Transfer;

/// <summary>Makes a new tenant of an upload.</summary>
internal sealed partial class TenantImporting(
    TenantReservations reservations, TenantImports imports, Durability durability, ILogger<TenantImporting> logger)
{
    /// <exception cref="ImportRefusedException">A file of the upload is damaged. Nothing is left of it.</exception>
    public async Task<RegistryAnswer> RunAsync(
        StagedImport import, TenantId id, CancellationToken cancellationToken)
    {
        var draft = new TenantDraft
        {
            Id = id,
            Domains = [],
            Durability = durability,
            Quotas = new TenantQuotas(StorageBytesMax: null, RequestBodyBytesMax: null),
            Metadata = new Dictionary<string, string>(),
        };
        try
        {
            // Once begun it is finished also for a client that goes away.
            return await reservations.FillAsync(
                draft, () => imports.BeginAsync(import, id, CancellationToken.None), cancellationToken);
        }
        catch (Exception failure) when (failure is ObjectStoreException or RestoreException or IOException)
        {
            LogUnfinished(id.Value, failure);
            return TransferProblems.Unfinished(id);
        }
    }

    [LoggerMessage(3051, LogLevel.Error, "The import into the new tenant {TenantId} could not be finished")]
    private partial void LogUnfinished(string tenantId, Exception failure);
}
