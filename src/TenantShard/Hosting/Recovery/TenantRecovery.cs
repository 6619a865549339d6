using Microsoft.Extensions.Logging;
using Platform.Messages.Identity;
using Platform.Replication.ObjectStore;
using Platform.Replication.Restoring;
using Platform.Replication.Rewinding;
using Platform.TenantShard.Files;
using Platform.TenantShard.PocketBaseData;

namespace Platform.TenantShard.Hosting.Recovery;

/// <summary>
/// A tenant's past: shows it, goes back to it, and makes other tenants of it. All of it works from object storage; only
/// going back in place needs the tenant closed for a moment.
/// </summary>
public sealed partial class TenantRecovery
{
    private readonly ShardHost _host;
    private readonly IObjectStore _store;
    private readonly ScratchSpace _scratch;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;

    /// <param name="host">The node's shards.</param>
    /// <param name="store">Object storage.</param>
    /// <param name="scratchPath">A folder of local disk that is the recovery's alone.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="loggers">For the log.</param>
    /// <param name="importLimits">What imports may ask of the node.</param>
    public TenantRecovery(
        ShardHost host, IObjectStore store, string scratchPath, TimeProvider clock, ILoggerFactory loggers,
        ImportLimits? importLimits = null)
    {
        (_host, _store, _clock) = (host, store, clock);
        _scratch = new ScratchSpace(scratchPath);
        _logger = loggers.CreateLogger<TenantRecovery>();
        Backups = new TenantBackups(host, store, _scratch, clock, loggers.CreateLogger<TenantBackups>());
        Imports = new TenantImports(
            host, store, _scratch, importLimits ?? new ImportLimits(), clock, loggers.CreateLogger<TenantImports>());
        Exports = new TenantExports(host, store, _scratch, clock, loggers.CreateLogger<TenantExports>());
    }

    /// <summary>The tenants' backups.</summary>
    public TenantBackups Backups { get; }

    /// <summary>PocketBase data that becomes tenants.</summary>
    public TenantImports Imports { get; }

    /// <summary>Tenants that become PocketBase data.</summary>
    public TenantExports Exports { get; }

    /// <summary>One page of what the tenant can go back to, newest first.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="isSnapshotsOnly">True: only states that one file alone gives.</param>
    /// <param name="skip">States on the pages before.</param>
    /// <param name="take">States on a page.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RestoreException">A file is damaged.</exception>
    /// <exception cref="ObjectStoreException">Object storage failed.</exception>
    public async Task<TenantHistory> ReadHistoryAsync(
        TenantId tenant, bool isSnapshotsOnly, long skip, int take, CancellationToken cancellationToken)
    {
        var history = await RetainedHistory.ReadAsync(
            _store, ShardActivation.ReplicaPathOf(tenant), cancellationToken);
        var matching = history.Points.Where(point => point.IsSnapshot || !isSnapshotsOnly).ToList();
        var count = (int)Math.Clamp(matching.Count - skip, 0, take);
        var first = matching.Count - (int)Math.Min(skip, matching.Count) - count;
        List<RetainedPoint> points = [.. matching.GetRange(first, count)];
        points.Reverse();
        if (history.Points.Count > 0) points.AddRange([history.Points[0], history.Points[^1]]);
        var times = await history.ReadTimesAsync(points, cancellationToken);
        var entries = points.Zip(times, (point, time) =>
            new HistoryEntry(point.Txid, time, point.Level, point.Bytes, point.IsSnapshot)).ToList();
        return history.Points.Count == 0
            ? new TenantHistory(null, null, history.Newest, 0, [])
            : new TenantHistory(entries[^2], entries[^1], history.Newest, matching.Count, entries[..^2]);
    }

    /// <summary>
    /// Takes the tenant back in place. Its requests wait while the new transaction is stored, which is after everything
    /// else has succeeded.
    /// </summary>
    /// <exception cref="ShardRequestException">503: the node cannot do it now.</exception>
    /// <exception cref="NotRetainedException">The history does not hold that. Nothing was changed.</exception>
    /// <exception cref="RestoreException">A file is missing or damaged. Nothing was changed.</exception>
    /// <exception cref="ObjectStoreException">It has happened or not: the history tells.</exception>
    public Task<RewoundReplica> RewindAsync(
        TenantId tenant, RestoreTarget target, CancellationToken cancellationToken) =>
        NodeRefusal.TranslateAsync(async () =>
        {
            using var folder = _scratch.Enter();
            var options = Options(ShardActivation.ReplicaPathOf(tenant), folder);
            if (target.Moment is not null) await ShipAsync(tenant, cancellationToken);
            var image = await PastImage.RestoreAsync(options, target, cancellationToken);
            return await _host.HoldAsync(
                tenant,
                async () =>
                {
                    // Before it happens: from now on nobody deletes files by what the present of before knew.
                    var rewound = FileStorage.RewoundKeyOf(ShardActivation.TenantPath(tenant));
                    await _store.PutAsync(rewound, ReadOnlyMemory<byte>.Empty, cancellationToken);
                    return await ReplicaRewind.RunAsync(options, image, cancellationToken);
                },
                cancellationToken);
        });

    /// <summary>Brings a state of the tenant to local disk. The tenant goes on serving.</summary>
    /// <param name="source">The tenant.</param>
    /// <param name="target">Which state.</param>
    /// <param name="keepsSecrets">
    /// False: the copy gets token secrets of its own, so that no token of the source opens it, nor the other way round.
    /// </param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ShardRequestException">503: the node cannot do it now.</exception>
    /// <exception cref="NotRetainedException">The history does not hold that.</exception>
    /// <exception cref="RestoreException">A file is missing or damaged.</exception>
    /// <exception cref="ObjectStoreException">Object storage failed.</exception>
    public Task<TenantCopy> PrepareCopyAsync(
        TenantId source, RestoreTarget target, bool keepsSecrets, CancellationToken cancellationToken) =>
        NodeRefusal.TranslateAsync(async () =>
        {
            var folder = _scratch.Enter();
            try
            {
                if (target.Txid == default) await ShipAsync(source, cancellationToken);
                var path = ShardActivation.ReplicaPathOf(source);
                var image = await PastImage.RestoreUnlessEmptyAsync(Options(path, folder), target, cancellationToken);
                if (image is not null && !keepsSecrets)
                    image = await Task.Run(() => FreshSecrets.Give(image), cancellationToken);
                return new TenantCopy(folder, ShardActivation.TenantPath(source), image);
            }
            catch
            {
                folder.Dispose();
                throw;
            }
        });

    /// <summary>
    /// Makes a prepared copy the data of a tenant that has none and that nobody opens yet: its files first, then the
    /// database, as the snapshot that begins its history.
    /// </summary>
    /// <exception cref="RestoreException">The tenant has data already.</exception>
    /// <exception cref="ObjectStoreException">Something may be stored, or be stored later.</exception>
    public async Task CompleteCopyAsync(TenantCopy copy, TenantId destination, CancellationToken cancellationToken)
    {
        var files = 0;
        if (copy.Image is { } image)
        {
            files = await CopyFilesAsync(copy, image, destination, cancellationToken);
            await ReplicaSeed.RunAsync(
                _store, ShardActivation.ReplicaPathOf(destination), image, _clock, cancellationToken);
        }

        LogCopied(destination, copy.SourcePath, copy.Txid.ToString(), files);
    }

    private async Task<int> CopyFilesAsync(
        TenantCopy copy, PastImage image, TenantId destination, CancellationToken cancellationToken)
    {
        var (from, to) = ($"{copy.SourcePath}/storage/", $"{ShardActivation.TenantPath(destination)}/storage/");
        using var named = new NamedFiles(image.Path);
        return await new ObjectCopy(_store, copy.ScratchPath, _clock).RunAsync(
            named.ListAsync(_store, from, cancellationToken), from, to, cancellationToken);
    }

    // A moment may be so recent that its last transactions are not in object storage yet. A tenant that does not open
    // is given what object storage has: its damage may be what somebody wants to get away from.
    private async Task ShipAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        try
        {
            await _host.ShipAsync(tenant, cancellationToken);
        }
        catch (RestoreException damaged)
        {
            LogNotShipped(damaged, tenant);
        }
    }

    private RewindOptions Options(string replicaPath, ScratchFolder folder) =>
        PastOptions.Of(_store, replicaPath, folder.Path, _clock, _logger);

    [LoggerMessage(2501, LogLevel.Information,
        "Tenant {TenantId} was made as a copy of {SourcePath} at transaction {Txid}, with {Files} files")]
    private partial void LogCopied(TenantId tenantId, string sourcePath, string txid, int files);

    [LoggerMessage(2502, LogLevel.Warning,
        "Tenant {TenantId} does not open; what only its local copy may hold is not part of what is restored")]
    private partial void LogNotShipped(Exception damage, TenantId tenantId);
}
