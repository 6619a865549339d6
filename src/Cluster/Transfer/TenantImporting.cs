using Microsoft.Extensions.Logging;
using Platform.Cluster.Http;
using Platform.Cluster.Tenants;
using Platform.Messages.Identity;
using Platform.Messages.Tenants;
using Platform.Replication.ObjectStore;
using Platform.Replication.Restoring;
using Platform.TenantShard.Hosting.Recovery;
using Platform.TenantShard.PocketBaseData;

namespace Platform.Cluster.Transfer;

/// <summary>
/// Makes a new tenant of an upload, as a copy is made: registered as deleted first, so that its id is taken and no node
/// opens it; then its data is stored; then the deletion is taken back. What dies in between leaves a deleted tenant.
/// </summary>
internal sealed partial class TenantImporting(
    TenantRegistry registry, TenantImports imports, Durability durability, ILogger<TenantImporting> logger)
{
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
            Status = TenantStatus.Deleted,
        };
        var answer = await registry.CreateAsync(draft, cancellationToken);
        if (answer.Tenant is null) return answer;
        // From here on it is finished also for a client that goes away.
        try
        {
            await imports.BeginAsync(import, id, CancellationToken.None);
        }
        catch (Exception failure) when (
            failure is ObjectStoreException or RestoreException or IOException or ImportRefusedException)
        {
            LogUnfinished(id.Value, failure);
            return failure is ImportRefusedException refused
                ? WithTaken(TransferProblems.Refused(refused), id)
                : TransferProblems.Unfinished(id);
        }

        return await registry.RestoreAsync(id, CancellationToken.None);
    }

    private static ApiProblem WithTaken(ApiProblem problem, TenantId id) =>
        problem with { Message = $"{problem.Message} The id '{id}' stays taken by a deleted tenant." };

    [LoggerMessage(3051, LogLevel.Error,
        "The import into tenant {TenantId} could not be finished; the id stays that of a deleted tenant")]
    private partial void LogUnfinished(string tenantId, Exception failure);
}
