using System.Text;
using Microsoft.Extensions.Logging;
using Platform.Cluster.Events;
using Platform.Cluster.Http;
using Platform.Cluster.Store;
using Platform.Messages.Identity;
using Platform.Messages.Tenants;
using Platform.Replication.ObjectStore;

namespace Platform.Cluster.Tenants;

/// <summary>
/// The only writer of tenants. A change is one guarded transaction over the descriptor, the claims of its domains and
/// the mark that its copy in object storage is old; then the copy is written; then the change is acknowledged.
/// </summary>
internal sealed partial class TenantRegistry(
    IClusterStore store, TenantIndex index, TenantCopies copies, TenantNames names, TimeProvider time,
    ILogger<TenantRegistry> logger)
{
    /// <summary>A generated id collides about once in five thousand tries at ten thousand tenants.</summary>
    private const int NameAttemptsMax = 5;

    /// <summary>Each attempt loses to another writer of the same tenant, which has then made progress.</summary>
    private const int ChangeAttemptsMax = 5;

    /// <summary>
    /// Registers a tenant. When it answers with one, the registry and the copy in object storage have it. From the
    /// first write on it does not stop for a client that goes away.
    /// </summary>
    public async Task<RegistryAnswer> CreateAsync(TenantDraft draft, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < NameAttemptsMax; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var tenant = Compose(draft, draft.Id ?? names.Next());
            var answer = await TryCreateAsync(tenant);
            var isNameTaken = answer.Problem?.Fields.ContainsKey("id") == true;
            if (draft.Id is not null || !isNameTaken) return answer;
        }

        return RegistryProblems.NoNameFound;
    }

    /// <summary>
    /// Changes a tenant. <paramref name="change"/> gets the present entry and answers with the new one or a problem;
    /// it is called again when another writer was faster.
    /// </summary>
    public async Task<RegistryAnswer> ChangeAsync(
        TenantId id, Func<TenantDescriptor, RegistryAnswer> change, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < ChangeAttemptsMax; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (await store.GetAsync(TenantKeys.Of(id), cancellationToken) is not { } entry)
                return RegistryProblems.Unknown(id.Value);
            var present = TenantJson.Read(entry.Value);
            var wanted = change(present);
            if (wanted.Tenant is null || ReferenceEquals(wanted.Tenant, present)) return wanted;
            var changed = wanted.Tenant with { Updated = Later(present.Updated) };
            if (await TryCommitAsync(present, changed, entry.ModRevision) is { } revision)
                return await FinishAsync(changed, revision);
            if (await FindTakenDomainAsync(changed, cancellationToken) is { } problem) return problem;
        }

        return RegistryProblems.ChangedMeanwhile(id);
    }

    /// <summary>
    /// Marks a tenant as deleted and frees its domains; its data stays. Deleting again changes nothing.
    /// </summary>
    public Task<RegistryAnswer> DeleteAsync(TenantId id, CancellationToken cancellationToken) => ChangeAsync(
        id,
        tenant => tenant.Status == TenantStatus.Deleted ? tenant : tenant with { Status = TenantStatus.Deleted },
        cancellationToken);

    /// <summary>
    /// Takes a deletion back, with the domains if they are still free. Restoring again changes nothing.
    /// </summary>
    public Task<RegistryAnswer> RestoreAsync(TenantId id, CancellationToken cancellationToken) => ChangeAsync(
        id,
        tenant => tenant.Status == TenantStatus.Created ? tenant : tenant with { Status = TenantStatus.Created },
        cancellationToken);

    /// <summary>Makes a tenant of a reservation, unless somebody else has taken the id meanwhile.</summary>
    public Task<RegistryAnswer> OpenAsync(TenantDescriptor reserved, CancellationToken cancellationToken) => ChangeAsync(
        reserved.Id,
        present => present.Created != reserved.Created ? RegistryProblems.ChangedMeanwhile(reserved.Id)
            : present.Status == TenantStatus.Created ? present
            : present with { Status = TenantStatus.Created },
        cancellationToken);

    private static IEnumerable<string> ClaimedBy(TenantDescriptor? tenant) =>
        tenant is { Status: TenantStatus.Created } ? tenant.Domains : [];

    private TenantDescriptor Compose(TenantDraft draft, TenantId id)
    {
        var now = Later(DateTimeOffset.MinValue);
        return new TenantDescriptor
        {
            Id = id,
            Domains = draft.Domains,
            Durability = draft.Durability,
            Status = draft.Status,
            Quotas = draft.Quotas,
            Metadata = draft.Metadata,
            Created = now,
            Updated = now,
        };
    }

    /// <summary>Now in milliseconds, as it is stored, but always after <paramref name="previous"/>.</summary>
    private DateTimeOffset Later(DateTimeOffset previous)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        return now > previous ? now : previous.AddMilliseconds(1);
    }

    private async Task<RegistryAnswer> TryCreateAsync(TenantDescriptor tenant)
    {
        if (await TryCommitAsync(null, tenant, 0) is not { } revision)
        {
            if (await store.GetAsync(TenantKeys.Of(tenant.Id), CancellationToken.None) is { } taken)
                return RegistryProblems.IdTaken(tenant.Id, TenantJson.Read(taken.Value).Status == TenantStatus.Deleted);
            if (await store.GetAsync(TenantKeys.PurgingOf(tenant.Id), CancellationToken.None) is not null)
                return RegistryProblems.IdPurging(tenant.Id);
            if (await store.GetAsync(TenantKeys.UnfinishedOf(tenant.Id), CancellationToken.None) is not null)
                return RegistryProblems.IdUnfinished(tenant.Id);
            return await FindTakenDomainAsync(tenant, CancellationToken.None)
                ?? RegistryProblems.ChangedMeanwhile(tenant.Id);
        }

        try
        {
            await copies.WriteAsync(tenant.Id, CancellationToken.None);
        }
        catch (ObjectStoreException failure)
        {
            LogNotCreated(tenant.Id.Value, failure);
            await UndoCreateAsync(tenant, revision);
            return RegistryProblems.NothingCreated;
        }

        index.Apply(new TenantRecord(tenant, revision));
        LogChanged("Created", tenant.Id.Value, revision);
        return tenant;
    }

    /// <summary>The mark stays: it removes a copy that may have been stored in spite of the failure.</summary>
    private Task<StoreCommit> UndoCreateAsync(TenantDescriptor tenant, long revision) => store.CommitAsync(
        new StoreTransaction
        {
            Compares = [StoreCompare.Unchanged(TenantKeys.Of(tenant.Id), revision)],
            Operations =
            [
                StoreOperation.Delete(TenantKeys.Of(tenant.Id)),
                StoreOperation.Put(TenantKeys.UncopiedOf(tenant.Id), default),
                .. tenant.Domains.Select(domain => StoreOperation.Delete(TenantKeys.OfDomain(domain))),
            ],
        },
        CancellationToken.None);

    /// <summary>
    /// One transaction from <paramref name="present"/> (null: nothing) to <paramref name="next"/>; null when it
    /// lost.
    /// </summary>
    private async Task<long?> TryCommitAsync(TenantDescriptor? present, TenantDescriptor next, long presentRevision)
    {
        var claimed = ClaimedBy(next).Except(ClaimedBy(present), StringComparer.Ordinal).ToList();
        var freed = ClaimedBy(present).Except(ClaimedBy(next), StringComparer.Ordinal);
        var owner = Encoding.ASCII.GetBytes(next.Id.Value);
        var commit = await store.CommitAsync(
            new StoreTransaction
            {
                Compares =
                [
                    StoreCompare.Unchanged(TenantKeys.Of(next.Id), presentRevision),
                    StoreCompare.Absent(TenantKeys.PurgingOf(next.Id)),
                    StoreCompare.Absent(TenantKeys.UnfinishedOf(next.Id)),
                    .. claimed.Select(domain => StoreCompare.Absent(TenantKeys.OfDomain(domain))),
                ],
                Operations =
                [
                    StoreOperation.Put(TenantKeys.Of(next.Id), TenantJson.Store(next)),
                    StoreOperation.Put(TenantKeys.UncopiedOf(next.Id), Encoding.ASCII.GetBytes(Describe(present, next))),
                    .. claimed.Select(domain => StoreOperation.Put(TenantKeys.OfDomain(domain), owner)),
                    .. freed.Select(domain => StoreOperation.Delete(TenantKeys.OfDomain(domain))),
                ],
            },
            CancellationToken.None);
        return commit.Succeeded ? commit.Revision : null;
    }

    /// <summary>What happens to the tenant, as an event; empty for one that is only reserved for a copy.</summary>
    private static string Describe(TenantDescriptor? present, TenantDescriptor next)
    {
        if (next.Status == TenantStatus.Deleted)
            return present is null ? "" : present.Status == next.Status ? EventKinds.TenantChanged : EventKinds.TenantDeleted;
        if (present is null) return EventKinds.TenantCreated;
        if (present.Status == TenantStatus.Created) return EventKinds.TenantChanged;
        return present.Created == present.Updated ? EventKinds.TenantCreated : EventKinds.TenantRestored;
    }

    /// <summary>
    /// A change of a tenant that exists is made when the store has it. A copy that cannot be stored now is written as
    /// soon as object storage answers again.
    /// </summary>
    private async Task<RegistryAnswer> FinishAsync(TenantDescriptor changed, long revision)
    {
        index.Apply(new TenantRecord(changed, revision));
        LogChanged(changed.Status == TenantStatus.Deleted ? "Deleted" : "Changed", changed.Id.Value, revision);
        try
        {
            await copies.WriteAsync(changed.Id, CancellationToken.None);
        }
        catch (ObjectStoreException failure)
        {
            LogCopyLate(changed.Id.Value, failure);
        }

        return changed;
    }

    private async Task<ApiProblem?> FindTakenDomainAsync(TenantDescriptor tenant, CancellationToken cancellationToken)
    {
        foreach (var domain in ClaimedBy(tenant))
        {
            if (await store.GetAsync(TenantKeys.OfDomain(domain), cancellationToken) is not { } claim) continue;
            var owner = Encoding.ASCII.GetString(claim.Value.Span);
            if (owner != tenant.Id.Value) return RegistryProblems.DomainTaken(domain, owner);
        }

        return null;
    }

    [LoggerMessage(3032, LogLevel.Information, "{Change} tenant {TenantId} at revision {Revision}")]
    private partial void LogChanged(string change, string tenantId, long revision);

    [LoggerMessage(3033, LogLevel.Warning, "Tenant {TenantId} was not created: object storage refused its descriptor")]
    private partial void LogNotCreated(string tenantId, Exception failure);

    [LoggerMessage(3034, LogLevel.Warning, "The changed descriptor of tenant {TenantId} is not yet in object storage")]
    private partial void LogCopyLate(string tenantId, Exception failure);
}
