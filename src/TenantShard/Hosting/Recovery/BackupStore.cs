using Platform.Replication.ObjectStore;

namespace Platform.TenantShard.Hosting.Recovery;

/// <summary>A tenant's backups in one place: objects with the backups' names.</summary>
/// <param name="store">Object storage.</param>
/// <param name="prefix">Put before the names; empty for a bucket of the tenant's own.</param>
/// <param name="clock">The time of what is stored.</param>
internal sealed class BackupStore(IObjectStore store, string prefix, TimeProvider clock)
{
    /// <summary>What is looked through of a bucket that holds other things too.</summary>
    private const int ObjectsMax = 20_000;

    /// <summary>All of them, by name.</summary>
    public Task<IReadOnlyList<BackupEntry>> ListAsync(CancellationToken cancellationToken) =>
        TranslateAsync<IReadOnlyList<BackupEntry>>(async () =>
        {
            var (backups, seen) = (new List<BackupEntry>(), 0);
            await foreach (var entry in store.ListAsync(prefix, startAfter: null, cancellationToken))
            {
                var name = entry.Key[prefix.Length..];
                if (BackupName.TryParse(name, out var parsed) && parsed == name)
                    backups.Add(new BackupEntry(name, entry.Bytes, entry.Modified));
                if (++seen == ObjectsMax) break;
            }

            return backups;
        });

    /// <summary>The backup of this name; null when there is none.</summary>
    public Task<BackupEntry?> FindAsync(string name, CancellationToken cancellationToken) =>
        TranslateAsync<BackupEntry?>(async () =>
        {
            var key = prefix + name;
            await foreach (var entry in store.ListAsync(key, startAfter: null, cancellationToken))
                return entry.Key == key ? new BackupEntry(name, entry.Bytes, entry.Modified) : null;
            return null;
        });

    /// <summary>Stores a file under a name; false when the name is taken.</summary>
    public Task<bool> StoreAsync(string name, string path, CancellationToken cancellationToken) =>
        TranslateAsync(() => store.CreateFromFileAsync(prefix + name, path, clock.GetUtcNow(), cancellationToken));

    /// <summary>A backup's content; null when there is none.</summary>
    public Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken) =>
        TranslateAsync(() => store.OpenReadAsync(prefix + name, offset: 0, length: null, cancellationToken));

    /// <summary>Deletes a backup; one that does not exist is no error.</summary>
    public Task DeleteAsync(string name, CancellationToken cancellationToken) => TranslateAsync(async () =>
    {
        await store.DeleteAsync([prefix + name], cancellationToken);
        return true;
    });

    private async Task<TResult> TranslateAsync<TResult>(Func<Task<TResult>> work)
    {
        try
        {
            return await work();
        }
        catch (ObjectStoreException fault) when (prefix.Length == 0)
        {
            throw new BackupStoreException(fault.Hint, fault);
        }
    }
}
