using Platform.Replication.ObjectStore;
using Platform.Replication.Restoring;
using Platform.TenantShard.Backups;
using Platform.TenantShard.Errors;
using Platform.TenantShard.PocketBaseData;

namespace Platform.TenantShard.Hosting.Recovery;

/// <summary>The node's backups as a tenant's own API sees them.</summary>
internal sealed class TenantVault(TenantRecovery recovery) : IBackupVault
{
    public Task<IReadOnlyList<StoredBackup>> ListAsync(BackupPlace place, CancellationToken cancellationToken) =>
        TranslateAsync<IReadOnlyList<StoredBackup>>(async () =>
        {
            var entries = await StoreOf(place).ListAsync(cancellationToken);
            return [.. entries.Select(static entry => new StoredBackup(entry.Name, entry.Bytes, entry.Modified))];
        });

    public Task<bool> CreateAsync(BackupPlace place, string key, CancellationToken cancellationToken) =>
        TranslateAsync(async () =>
        {
            var store = StoreOf(place);
            if (await store.FindAsync(key, cancellationToken) is not null) return false;
            using var built = await recovery.Backups.BuildAsync(place.Tenant, RestoreTarget.Newest, cancellationToken);
            return await store.StoreAsync(key, built.Path, cancellationToken);
        });

    public Task<bool> StoreAsync(
        BackupPlace place, string key, string path, CancellationToken cancellationToken) =>
        TranslateAsync(() => StoreOf(place).StoreAsync(key, path, cancellationToken));

    public Task<Stream?> OpenAsync(BackupPlace place, string key, CancellationToken cancellationToken) =>
        TranslateAsync(() => StoreOf(place).OpenAsync(key, cancellationToken));

    public Task DeleteAsync(BackupPlace place, string key, CancellationToken cancellationToken) =>
        TranslateAsync(async () =>
        {
            await StoreOf(place).DeleteAsync(key, cancellationToken);
            return true;
        });

    public Task<bool> RestoreAsync(BackupPlace place, string key, CancellationToken cancellationToken) =>
        TranslateAsync(async () =>
        {
            await using var content = await StoreOf(place).OpenAsync(key, cancellationToken);
            if (content is null) return false;
            using var staged = await recovery.Imports.StageAsync(content, cancellationToken);
            // Not given up any more: half of the files may be stored, and the database decides.
            await recovery.Imports.RestoreAsync(staged, place.Tenant, CancellationToken.None);
            return true;
        });

    private BackupStore StoreOf(BackupPlace place) => place.Own is { } own
        ? new BackupStore(own, prefix: "", recovery.Backups.Clock)
        : recovery.Backups.StoreOf(place.Tenant);

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
        catch (BackupStoreException fault)
        {
            throw new ApiException(400, fault.Message, cause: fault);
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
