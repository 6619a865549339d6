using Microsoft.Extensions.Logging;
using Platform.Messages.Identity;
using Platform.Replication.ObjectStore;
using Platform.Replication.Restoring;
using Platform.Replication.Rewinding;
using Platform.TenantShard.Database;
using Platform.TenantShard.PocketBaseData;
using Platform.TenantShard.Templates;

namespace Platform.TenantShard.Hosting.Recovery;

/// <summary>Makes zips of tenants that PocketBase opens. The tenants go on serving.</summary>
public sealed partial class TenantExports
{
    private readonly ShardHost _host;
    private readonly IObjectStore _store;
    private readonly ScratchSpace _scratch;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;

    internal TenantExports(
        ShardHost host, IObjectStore store, ScratchSpace scratch, TimeProvider clock, ILogger logger) =>
        (_host, _store, _scratch, _clock, _logger) = (host, store, scratch, clock, logger);

    /// <summary>Exports the newest state of the tenant.</summary>
    /// <exception cref="ShardRequestException">503: the node cannot do it now.</exception>
    /// <exception cref="RestoreException">A file of the replica is missing or damaged.</exception>
    /// <exception cref="ObjectStoreException">Object storage failed.</exception>
    public Task<TenantExport> CreateAsync(TenantId tenant, CancellationToken cancellationToken) =>
        NodeRefusal.TranslateAsync(async () =>
        {
            var folder = _scratch.Enter();
            try
            {
                await _host.ShipAsync(tenant, cancellationToken);
                await _host.ShipLogsAsync(tenant);
                var database = await RestoreAsync(tenant, folder, cancellationToken);
                await Task.Run(() => Prepare(database), cancellationToken);
                var path = Path.Combine(folder.Path, "export.zip");
                var files = await PocketBaseZip.WriteAsync(
                    path, database, _store, ShardActivation.TenantPath(tenant), _clock.GetUtcNow(), cancellationToken);
                File.Delete(database);
                var export = new TenantExport(folder, path);
                LogExported(tenant, export.Bytes, files);
                return export;
            }
            catch
            {
                folder.Dispose();
                throw;
            }
        });

    private async Task<string> RestoreAsync(
        TenantId tenant, ScratchFolder folder, CancellationToken cancellationToken)
    {
        var options = PastOptions.Of(_store, ShardActivation.ReplicaPathOf(tenant), folder.Path, _clock, _logger);
        var image = await PastImage.RestoreUnlessEmptyAsync(options, RestoreTarget.Newest, cancellationToken);
        if (image is not null) return image.Path;
        var path = Path.Combine(folder.Path, "data.db");
        await TemplateImage.WriteAsync(path, cancellationToken);
        return path;
    }

    private void Prepare(string database)
    {
        try
        {
            ExportedDatabase.Prepare(database, _clock);
        }
        catch (DatabaseException fault) when (fault.IsLocalFault)
        {
            throw new IOException("The database of an export could not be written.", fault);
        }
    }

    [LoggerMessage(2522, LogLevel.Information, "Tenant {TenantId} was exported: {Bytes} bytes with {Files} files")]
    private partial void LogExported(TenantId tenantId, long bytes, int files);
}
