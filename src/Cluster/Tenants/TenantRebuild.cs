using Microsoft.Extensions.Logging;
using Platform.Cluster.Store;
using Platform.Messages.Identity;
using Platform.Messages.Tenants;
using Platform.Replication.ObjectStore;

namespace Platform.Cluster.Tenants;

/// <summary>
/// Fills a cluster store that has never held a registry from the descriptors in object storage: what is left when the
/// store's file or machine is lost. Runs once per store.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="objects">Where the descriptors are.</param>
/// <param name="beginning">What else an empty store needs, before it counts as filled.</param>
/// <param name="logger">For what was found.</param>
internal sealed partial class TenantRebuild(
    IClusterStore store, IObjectStore objects, Func<CancellationToken, Task> beginning, ILogger<TenantRebuild> logger)
{
    private const string Folder = "tenants/";

    /// <summary>What ids begin with: each is looked through on its own, because finding the next tenant is a request.</summary>
    private const string FirstCharacters = "0123456789abcdefghijklmnopqrstuvwxyz";

    /// <summary>Requests to object storage at once.</summary>
    private const int Parallelism = 18;

    /// <summary>Far above any descriptor: 64 labels of a kilobyte and 32 domains.</summary>
    private const long DescriptorBytesMax = 512 * 1024;

    /// <exception cref="ObjectStoreException">Object storage does not answer: the registry stays
    /// uninitialised.</exception>
    /// <exception cref="FormatException">A descriptor is damaged: an operator has to decide about it.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (await IsInitialisedAsync(cancellationToken)) return;
        await beginning(cancellationToken);
        var count = 0;
        await Parallel.ForEachAsync(
            FirstCharacters,
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
            async (first, token) => Interlocked.Add(ref count, await FillAsync(Folder + first, token)));
        await store.CommitAsync(
            new StoreTransaction { Operations = [StoreOperation.Put(TenantKeys.Initialised, default)] },
            cancellationToken);
        if (count > 0) LogRebuilt(count);
    }

    /// <summary>All tenants whose path begins so; how many.</summary>
    private async Task<int> FillAsync(string prefix, CancellationToken cancellationToken)
    {
        var count = 0;
        var last = "";
        while (await FindNextAsync(prefix, last, cancellationToken) is { } id)
        {
            if (await objects.GetAsync(TenantKeys.ObjectOf(id), DescriptorBytesMax, cancellationToken) is { } stored)
            {
                if (TenantJson.IsPurging(stored)) await NotePurgeAsync(id, stored, cancellationToken);
                else await PutAsync(TenantJson.Read(stored), cancellationToken);
                count++;
            }

            // '0' follows '/', so this is after everything in the tenant's folder and before every other tenant's.
            last = $"{Folder}{id.Value}0";
        }

        return count;
    }

    private Task<StoreCommit> NotePurgeAsync(TenantId id, byte[] stored, CancellationToken cancellationToken) =>
        store.CommitAsync(
            new StoreTransaction
            {
                Compares = [StoreCompare.Absent(TenantKeys.Initialised)],
                Operations = [StoreOperation.Put(TenantKeys.PurgingOf(id), stored)],
            },
            cancellationToken);

    private async Task<TenantId?> FindNextAsync(string prefix, string after, CancellationToken cancellationToken)
    {
        await foreach (var entry in objects.ListAsync(prefix, after, cancellationToken))
        {
            var name = entry.Key[Folder.Length..];
            var slash = name.IndexOf('/', StringComparison.Ordinal);
            if (slash > 0 && TenantId.TryParse(name[..slash], out var id)) return id;
        }

        return null;
    }

    /// <summary>
    /// A domain that two descriptors claim goes to one of them; the store's claims were unique, copies may be old.
    /// </summary>
    private async Task PutAsync(TenantDescriptor tenant, CancellationToken cancellationToken)
    {
        while (true)
        {
            var claims = await DomainClaims.FindAsync(store, tenant, cancellationToken);
            foreach (var domain in claims.Taken) LogDomainLost(tenant.Id.Value, domain);
            var commit = await store.CommitAsync(
                new StoreTransaction
                {
                    // Several processes may fill it at once. When the first is done tenants may be changed and purged:
                    // what the others still hold is old then.
                    Compares =
                    [
                        StoreCompare.Absent(TenantKeys.Initialised),
                        StoreCompare.Absent(TenantKeys.Of(tenant.Id)),
                        .. claims.Compares,
                    ],
                    Operations =
                    [
                        StoreOperation.Put(TenantKeys.Of(tenant.Id), TenantJson.Store(claims.ApplyTo(tenant))),
                        .. claims.Puts,
                    ],
                },
                cancellationToken);
            if (commit.Succeeded
                || await store.GetAsync(TenantKeys.Of(tenant.Id), cancellationToken) is not null
                || await IsInitialisedAsync(cancellationToken)) return;
        }
    }

    private async Task<bool> IsInitialisedAsync(CancellationToken cancellationToken) =>
        await store.GetAsync(TenantKeys.Initialised, cancellationToken) is not null;

    [LoggerMessage(3035, LogLevel.Warning, "The registry was rebuilt from object storage: {Count} tenants")]
    private partial void LogRebuilt(int count);

    [LoggerMessage(3036, LogLevel.Warning, "Tenant {TenantId} lost the domain {Domain} to another descriptor")]
    private partial void LogDomainLost(string tenantId, string domain);
}
