using Microsoft.Extensions.Logging;
using Platform.Messages.Identity;
using Platform.Replication.Ltx;
using Platform.Replication.ObjectStore;
using Platform.Replication.Restoring;
using Platform.Replication.Rewinding;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Logs;
using Platform.TenantShard.PocketBaseData;

namespace Platform.TenantShard.Hosting.Recovery;

/// <summary>
/// Makes PocketBase data the content of tenants. Everything is checked before anything changes; files are stored before
/// the database that names them; the database is there with one create-only write, or not at all.
/// </summary>
public sealed partial class TenantImports
{
    private const int BufferBytes = 128 * 1024;

    private readonly ShardHost _host;
    private readonly IObjectStore _store;
    private readonly ScratchSpace _scratch;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;

    internal TenantImports(
        ShardHost host, IObjectStore store, ScratchSpace scratch, ImportLimits limits, TimeProvider clock,
        ILogger logger)
    {
        (_host, _store, _scratch, _clock, _logger) = (host, store, scratch, clock, logger);
        Limits = limits;
    }

    /// <summary>What an upload may ask of the node.</summary>
    public ImportLimits Limits { get; }

    /// <summary>True when the tenant was ever written to.</summary>
    /// <exception cref="ShardRequestException">503: the node cannot tell now.</exception>
    /// <exception cref="ObjectStoreException">Object storage failed.</exception>
    public Task<bool> HasDataAsync(TenantId tenant, CancellationToken cancellationToken) =>
        NodeRefusal.TranslateAsync(async () =>
        {
            await _host.ShipAsync(tenant, cancellationToken);
            var history = await RetainedHistory.ReadAsync(
                _store, ShardActivation.ReplicaPathOf(tenant), cancellationToken);
            return history.Newest != Txid.None;
        });

    /// <summary>Receives an upload, checks it, and builds the database. No tenant is changed.</summary>
    /// <exception cref="ImportRefusedException">The upload is no PocketBase data that a tenant can hold.</exception>
    /// <exception cref="ShardRequestException">503: the node cannot do it now.</exception>
    public async Task<StagedImport> StageAsync(Stream upload, CancellationToken cancellationToken)
    {
        var folder = await NodeRefusal.TranslateAsync(() => Task.FromResult(_scratch.Enter()));
        try
        {
            var path = Path.Combine(folder.Path, "upload.zip");
            await ReceiveAsync(upload, path, cancellationToken);
            return await NodeRefusal.TranslateAsync(async () => new StagedImport(
                folder,
                await PreparedImport.ReadAsync(path, folder.Path, Limits, _clock, cancellationToken)));
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Makes the upload the data of a tenant that has none and that nobody opens yet.</summary>
    /// <exception cref="ImportRefusedException">A file in it is damaged.</exception>
    /// <exception cref="RestoreException">The tenant has data already.</exception>
    /// <exception cref="ObjectStoreException">Something may be stored, or be stored later.</exception>
    public async Task BeginAsync(StagedImport import, TenantId tenant, CancellationToken cancellationToken)
    {
        await import.Prepared.StoreFilesAsync(
            _store, ShardActivation.TenantPath(tenant), _clock, cancellationToken);
        await StoreLogsAsync(import, tenant, cancellationToken);
        await ReplicaReplacement.RunAsync(Options(tenant, import), import.Prepared.DatabasePath, cancellationToken);
        LogImported(tenant, import.Report.Records, import.Report.Files);
    }

    /// <summary>
    /// Makes the upload the content of a tenant that is there, and adds its logs.
    /// It goes on serving while files are stored; its requests
    /// wait while the database is. What it had before stays in its history.
    /// </summary>
    /// <returns>The transaction before, to go back to; none when it was never written to.</returns>
    /// <exception cref="ImportRefusedException">A file in it is damaged. Nothing was changed.</exception>
    /// <exception cref="ShardRequestException">503: the node cannot do it now. Nothing was changed.</exception>
    /// <exception cref="ObjectStoreException">It has happened or not: the history tells.</exception>
    public async Task<Txid> ReplaceAsync(StagedImport import, TenantId tenant, CancellationToken cancellationToken)
    {
        await StoreLogsAsync(import, tenant, cancellationToken);
        return await RestoreAsync(import, tenant, cancellationToken);
    }

    /// <summary>The same for a backup of the tenant itself, whose logs go on.</summary>
    internal Task<Txid> RestoreAsync(StagedImport import, TenantId tenant, CancellationToken cancellationToken) =>
        NodeRefusal.TranslateAsync(async () =>
        {
            var path = ShardActivation.TenantPath(tenant);
            await import.Prepared.StoreFilesAsync(_store, path, _clock, cancellationToken);
            var before = await _host.HoldAsync(
                tenant,
                async () =>
                {
                    await RequireFilesAsync(import, path, cancellationToken);
                    return await ReplicaReplacement.RunAsync(
                        Options(tenant, import), import.Prepared.DatabasePath, cancellationToken);
                },
                cancellationToken);
            LogImported(tenant, import.Report.Records, import.Report.Files);
            return before;
        });

    private async Task StoreLogsAsync(StagedImport import, TenantId tenant, CancellationToken cancellationToken)
    {
        if (import.Prepared.Logs is not { } logs) return;
        var archive = new LogArchive(_store, ShardActivation.TenantPath(tenant));
        await logs.StoreAsync(archive, _clock.GetUtcNow(), cancellationToken);
    }

    /// <summary>The tenant, while it served, may have swept a file that its own records stopped naming.</summary>
    private async Task RequireFilesAsync(
        StagedImport import, string tenantPath, CancellationToken cancellationToken)
    {
        if (import.Report.Files == 0) return;
        var missing = import.Prepared.FileKeys();
        var prefix = $"{tenantPath}/storage/";
        await foreach (var entry in _store.ListAsync(prefix, startAfter: null, cancellationToken))
            missing.Remove(entry.Key[prefix.Length..]);
        if (missing.Count > 0)
            throw ApiException.Unavailable(
                "Records of the tenant were deleted during the import, and their files with them. Nothing was changed.",
                retryAfterSeconds: 1);
    }

    // What the client does wrong is its exception; what the disk does wrong is the node's.
    private async Task ReceiveAsync(Stream upload, string path, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            BufferSize = 0,
            Options = FileOptions.Asynchronous,
        });
        var buffer = new byte[BufferBytes];
        for (var received = 0L; ;)
        {
            var count = await upload.ReadAsync(buffer, cancellationToken);
            if (count == 0) return;
            if ((received += count) > Limits.UploadBytesMax) throw new ImportRefusedException(
                "zip", "validation_too_large",
                $"The upload is larger than {Limits.UploadBytesMax} bytes (platform.import.bytes-max).");
            await NodeRefusal.TranslateAsync(async () =>
            {
                await file.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
                return count;
            });
        }
    }

    private RewindOptions Options(TenantId tenant, StagedImport import) =>
        PastOptions.Of(_store, ShardActivation.ReplicaPathOf(tenant), import.ScratchPath, _clock, _logger);

    [LoggerMessage(2521, LogLevel.Information,
        "PocketBase data became tenant {TenantId}: {Records} records, {Files} files")]
    private partial void LogImported(TenantId tenantId, long records, long files);
}
