using Platform.Messages.Identity;
using Platform.Replication.ObjectStore;
using Platform.Replication.Restoring;
using Platform.TenantShard.Backups;
using Platform.TenantShard.Errors;
using Platform.TenantShard.PocketBaseData;

namespace Platform.TenantShard.Hosting.Recovery;

/// <summary>The node's backups as a tenant's own API sees them.</summary>
internal sealed class TenantVault(TenantRecovery recovery) : IBackupVault
{
    public Task<IReadOnlyList<StoredBackup>> ListAsync(TenantId tenant, CancellationToken cancellationToken) =>
        TranslateAsync<IReadOnlyList<StoredBackup>>(async () =>
        {
            var entries = await recovery.Backups.ListAsync(tenant, cancellationToken);
            return [.. entries.Select(static entry => new StoredBackup(entry.Name, entry.Bytes, entry.Modified))];
        });

    public Task<bool> CreateAsync(TenantId tenant, string key, CancellationToken cancellationToken) =>
        TranslateAsync(async () =>
            await recovery.Backups.CreateAsync(tenant, key, RestoreTarget.Newest, cancellationToken) is not null);

    public Task<bool> StoreAsync(TenantId tenant, string key, string path, CancellationToken cancellationToken) =>
        TranslateAsync(() => recovery.Backups.StoreAsync(tenant, key, path, cancellationToken));

    public Task<Stream?> OpenAsync(TenantId tenant, string key, CancellationToken cancellationToken) =>
        TranslateAsync(() => recovery.Backups.OpenAsync(tenant, key, cancellationToken));

    public Task DeleteAsync(TenantId tenant, string key, CancellationToken cancellationToken) =>
        TranslateAsync(async () =>
        {
            await recovery.Backups.DeleteAsync(tenant, key, cancellationToken);
            return true;
        });

    public Task<bool> RestoreAsync(TenantId tenant, string key, CancellationToken cancellationToken) =>
        TranslateAsync(async () =>
        {
            await using var content = await recovery.Backups.OpenAsync(tenant, key, cancellationToken);
            if (content is null) return false;
            using var staged = await recovery.Imports.StageAsync(content, cancellationToken);
            // Not given up any more: half of the files may be stored, and the database decides.
            await recovery.Imports.ReplaceAsync(staged, tenant, CancellationToken.None);
            return true;
        });

    private static async Task<TResult> TranslateAsync<TResult>(Func<Task<TResult>> work)
    {
        try
        {
            return await work();
        }
        catch (ShardRequestException refused)
        {
            throw new ApiException(refused.Status, refused.Message, cause: refused)
            {
                RetryAfterSeconds = refused.Status == 503 ? 5 : null,
            };
        }
        catch (ImportRefusedException refused)
        {
            throw new ApiException(400, $"The backup cannot be restored. {refused.Message}", cause: refused);
        }
        catch (Exception fault) when (fault is ObjectStoreException or RestoreException)
        {
            throw new ApiException(503, "Backups are not reachable at the moment.", cause: fault)
            {
                RetryAfterSeconds = 5,
            };
        }
    }
}
