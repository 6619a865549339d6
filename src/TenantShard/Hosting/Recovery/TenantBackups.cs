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
            using var built = await BuildAsync(tenant, target, cancellationToken);
            if (!await StoreOf(tenant).StoreAsync(name, built.Path, cancellationToken)) return null;
            LogCreated(tenant, name, built.Bytes);
            return new CreatedBackup(name, built.Bytes, built.Txid, built.Time, built.Files);
        });

    /// <summary>All backups of the tenant, by name.</summary>
    /// <exception cref="ObjectStoreException">Object storage failed.</exception>
    public Task<IReadOnlyList<BackupEntry>> ListAsync(TenantId tenant, CancellationToken cancellationToken) =>
        StoreOf(tenant).ListAsync(cancellationToken);

    /// <summary>The backup of this name; null when there is none.</summary>
    /// <exception cref="ObjectStoreException">Object storage failed.</exception>
    public Task<BackupEntry?> FindAsync(TenantId tenant, string name, CancellationToken cancellationToken) =>
        StoreOf(tenant).FindAsync(name, cancellationToken);

    /// <summary>A backup's content; null when there is none.</summary>
    /// <exception cref="ObjectStoreException">Object storage failed; the stream fails with it too.</exception>
    public Task<Stream?> OpenAsync(TenantId tenant, string name, CancellationToken cancellationToken) =>
        StoreOf(tenant).OpenAsync(name, cancellationToken);

    /// <summary>Deletes a backup; one that does not exist is no error.</summary>
    /// <exception cref="ObjectStoreException">Object storage failed.</exception>
    public async Task DeleteAsync(TenantId tenant, string name, CancellationToken cancellationToken)
    {
        await StoreOf(tenant).DeleteAsync(name, cancellationToken);
        LogDeleted(tenant, name);
    }

    internal TimeProvider Clock => _clock;

    /// <summary>The tenant's backups in the platform's object storage.</summary>
    internal BackupStore StoreOf(TenantId tenant) => new(_store, $"{ShardActivation.TenantPath(tenant)}/backups/", _clock);

    /// <summary>Makes a backup on local disk, while the tenant goes on serving.</summary>
    internal Task<BuiltBackup> BuildAsync(
        TenantId tenant, RestoreTarget target, CancellationToken cancellationToken) =>
        NodeRefusal.TranslateAsync(async () =>
        {
            var folder = _scratch.Enter();
            try
            {
                if (target.Txid == default) await _host.ShipAsync(tenant, cancellationToken);
                await _host.ShipLogsAsync(tenant);
                var options = PastOptions.Of(
                    _store, ShardActivation.ReplicaPathOf(tenant), folder.Path, _clock, _logger);
                var image = await PastImage.RestoreUnlessEmptyAsync(options, target, cancellationToken);
                var path = Path.Combine(folder.Path, "backup.zip");
                var zip = new BackupZip(_store, tenant, _clock.GetUtcNow());
                return new BuiltBackup(folder, path, image, await zip.WriteAsync(path, image, cancellationToken));
            }
            catch
            {
                folder.Dispose();
                throw;
            }
        });

    [LoggerMessage(2511, LogLevel.Information, "Backup {Name} of tenant {TenantId} has {Bytes} bytes")]
    private partial void LogCreated(TenantId tenantId, string name, long bytes);

    [LoggerMessage(2512, LogLevel.Information, "Backup {Name} of tenant {TenantId} was deleted")]
    private partial void LogDeleted(TenantId tenantId, string name);
}
