using Microsoft.Extensions.Logging;
using Platform.Messages.Identity;
using Platform.Replication.ObjectStore;
using Platform.Replication.Restoring;
using Platform.Replication.Rewinding;

namespace Platform.TenantShard.Hosting.Recovery;

/// <summary>
/// Backups of tenants: zips in object storage that need nothing of the platform to be read, and that no retention
/// removes. Each is whole or not there.
/// </summary>
public sealed partial class TenantBackups
{
    private readonly ShardHost _host;
    private readonly IObjectStore _store;
    private readonly ScratchSpace _scratch;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;

    internal TenantBackups(
        ShardHost host, IObjectStore store, ScratchSpace scratch, TimeProvider clock, ILogger logger) =>
        (_host, _store, _scratch, _clock, _logger) = (host, store, scratch, clock, logger);

    /// <summary>Backs a state of the tenant up, which goes on serving. Null when the name is taken.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="name">A name that <see cref="BackupName"/> gave.</param>
    /// <param name="target">Which state.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ShardRequestException">503: the node cannot do it now.</exception>
    /// <exception cref="NotRetainedException">The history does not hold that.</exception>
    /// <exception cref="RestoreException">A file is missing or damaged.</exception>
    /// <exception cref="ObjectStoreException">Object storage failed.</exception>
    public Task<CreatedBackup?> CreateAsync(
        TenantId tenant, string name, RestoreTarget target, CancellationToken cancellationToken) =>
        NodeRefusal.TranslateAsync(async () =>
        {
            if (await FindAsync(tenant, name, cancellationToken) is not null) return null;
            using var folder = _scratch.Enter();
            if (target.Txid == default) await _host.ShipAsync(tenant, cancellationToken);
            var image = await PastImage.RestoreUnlessEmptyAsync(
                new RewindOptions
                {
                    Store = _store,
                    ReplicaPath = ShardActivation.ReplicaPathOf(tenant),
                    ScratchPath = folder.Path,
                    Time = _clock,
                    Logger = _logger,
                },
                target,
                cancellationToken);
            var path = Path.Combine(folder.Path, "backup.zip");
            var zip = new BackupZip(_store, tenant, $"{ShardActivation.TenantPath(tenant)}/storage/");
            var files = await zip.WriteAsync(path, image, cancellationToken);
            if (!await _store.CreateFromFileAsync(Key(tenant, name), path, _clock.GetUtcNow(), cancellationToken))
                return null;
            var bytes = new FileInfo(path).Length;
            LogCreated(tenant, name, bytes);
            return new CreatedBackup(name, bytes, image?.Txid ?? default, image?.Time, files);
        });

    /// <summary>Stores a backup that was made elsewhere; false when the name is taken.</summary>
    /// <exception cref="ObjectStoreException">Object storage failed.</exception>
    public async Task<bool> StoreAsync(
        TenantId tenant, string name, string path, CancellationToken cancellationToken)
    {
        if (!await _store.CreateFromFileAsync(Key(tenant, name), path, _clock.GetUtcNow(), cancellationToken))
            return false;
        LogCreated(tenant, name, new FileInfo(path).Length);
        return true;
    }

    /// <summary>All backups of the tenant, by name.</summary>
    /// <exception cref="ObjectStoreException">Object storage failed.</exception>
    public async Task<IReadOnlyList<BackupEntry>> ListAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var prefix = Key(tenant, "");
        var backups = new List<BackupEntry>();
        await foreach (var entry in _store.ListAsync(prefix, startAfter: null, cancellationToken))
        {
            var name = entry.Key[prefix.Length..];
            if (BackupName.TryParse(name, out var parsed) && parsed == name)
                backups.Add(new BackupEntry(name, entry.Bytes, entry.Modified));
        }

        return backups;
    }

    /// <summary>The backup of this name; null when there is none.</summary>
    /// <exception cref="ObjectStoreException">Object storage failed.</exception>
    public async Task<BackupEntry?> FindAsync(TenantId tenant, string name, CancellationToken cancellationToken)
    {
        var key = Key(tenant, name);
        await foreach (var entry in _store.ListAsync(key, startAfter: null, cancellationToken))
            return entry.Key == key ? new BackupEntry(name, entry.Bytes, entry.Modified) : null;
        return null;
    }

    /// <summary>A backup's content; null when there is none.</summary>
    /// <exception cref="ObjectStoreException">Object storage failed; the stream fails with it too.</exception>
    public Task<Stream?> OpenAsync(TenantId tenant, string name, CancellationToken cancellationToken) =>
        _store.OpenReadAsync(Key(tenant, name), offset: 0, length: null, cancellationToken);

    /// <summary>Deletes a backup; one that does not exist is no error.</summary>
    /// <exception cref="ObjectStoreException">Object storage failed.</exception>
    public async Task DeleteAsync(TenantId tenant, string name, CancellationToken cancellationToken)
    {
        await _store.DeleteAsync([Key(tenant, name)], cancellationToken);
        LogDeleted(tenant, name);
    }

    private static string Key(TenantId tenant, string name) => $"{ShardActivation.TenantPath(tenant)}/backups/{name}";

    [LoggerMessage(2511, LogLevel.Information, "Backup {Name} of tenant {TenantId} has {Bytes} bytes")]
    private partial void LogCreated(TenantId tenantId, string name, long bytes);

    [LoggerMessage(2512, LogLevel.Information, "Backup {Name} of tenant {TenantId} was deleted")]
    private partial void LogDeleted(TenantId tenantId, string name);
}
