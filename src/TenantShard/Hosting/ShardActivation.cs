using Microsoft.Extensions.Logging;
using Platform.Messages.Identity;
using Platform.Messages.Tenants;
using Platform.Replication.Fencing;
using Platform.Replication.Maintenance;
using Platform.Replication.ObjectStore;
using Platform.Replication.Restoring;
using Platform.Replication.Shipping;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Database;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Files;
using Platform.TenantShard.Logs;
using Platform.TenantShard.Scheduling;
using Platform.TenantShard.Shards;
using Platform.TenantShard.Templates;

namespace Platform.TenantShard.Hosting;

/// <summary>
/// Opens one shard: takes the fencing record of its epoch, restores or verifies the local copy, opens the writer and
/// reads the schema. Every failure leaves nothing open and is told to the waiting requests as 503.
/// </summary>
internal sealed partial class ShardActivation(
    IObjectStore store, IShardOwnership ownership, SqliteSlots slots, AwakeShards awake,
    ShardHostOptions options, ShardMetrics metrics, ReplicationMetrics? replicationMetrics, TimeProvider clock,
    ILoggerFactory loggers)
{
    private readonly ILogger _logger = loggers.CreateLogger<ShardActivation>();
    private readonly RestoreMemory _restoreMemory = new(options.RestorePartsMax);
    private readonly ReplicaMemories _memories = new(options.RememberedMax);

    public static string TenantPath(TenantId tenant) => $"tenants/{tenant.Value}";

    public static string ReplicaPathOf(TenantId tenant) => $"{TenantPath(tenant)}/data.db";

    public string LocalFolder(TenantId tenant) => Path.Combine(options.CachePath, tenant.Value);

    public async Task<Shard> OpenAsync(
        TenantDescriptor descriptor, Action<Shard> failed, Action<TenantId> markUnshipped,
        CancellationToken cancellationToken)
    {
        var tenant = descriptor.Id;
        var started = clock.GetTimestamp();
        try
        {
            var epoch = await FindEpochAsync(tenant, cancellationToken);
            var (replica, outcome) = await OpenReplicaAsync(tenant, epoch, LineageOf(descriptor), cancellationToken);
            try
            {
                var shard = await OpenDatabaseAsync(descriptor, epoch, replica, failed, markUnshipped);
                var elapsed = clock.GetElapsedTime(started);
                metrics.Activated(outcome, elapsed.TotalSeconds);
                LogActivated(tenant, outcome, elapsed.TotalMilliseconds);
                return shard;
            }
            catch
            {
                await replica.CloseAsync(clean: false, CancellationToken.None);
                throw;
            }
        }
        catch (ObjectStoreException unavailable)
        {
            metrics.Activated("failed", clock.GetElapsedTime(started).TotalSeconds);
            LogFailed(unavailable, tenant);
            throw new ApiException(503, "The tenant's data is not reachable at the moment.", cause: unavailable)
            {
                RetryAfterSeconds = 2,
            };
        }
        catch (RestoreException damaged)
        {
            // Says which object, and what to do; who asked for the tenant decides how much of that is theirs to know.
            metrics.Activated("damaged", clock.GetElapsedTime(started).TotalSeconds);
            LogDamaged(tenant, damaged.Message);
            throw;
        }
        catch (StaleEpochException stale)
        {
            metrics.Activated("stale", clock.GetElapsedTime(started).TotalSeconds);
            LogFailed(stale, tenant);
            throw IsNotOwned(stale);
        }
    }

    public static ApiException IsNotOwned(Exception? cause = null) =>
        new(503, "Another node owns the tenant.", cause: cause) { RetryAfterSeconds = 1, IsOfOtherOwner = true };

    private async Task<(DatabaseReplica Replica, string Outcome)> OpenReplicaAsync(
        TenantId tenant, long epoch, string lineage, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(LocalFolder(tenant));
        var replicaOptions = ReplicaOptions(tenant, lineage);
        var replica = _memories.Take(tenant, epoch)?.TryReopen(replicaOptions);
        if (replica is null)
        {
            await EpochLease.AcquireAsync(
                store, TenantPath(tenant), epoch, options.NodeId, clock, cancellationToken);
            replica = await DatabaseReplica.OpenAsync(replicaOptions, cancellationToken);
        }

        if (replica.Opening == Opening.Empty) await TemplateImage.WriteAsync(DatabasePath(tenant), cancellationToken);
        return (replica, replica.Opening switch
        {
            Opening.Empty => "template",
            Opening.Continued => "continued",
            Opening.CaughtUp => "caught-up",
            _ => "restored",
        });
    }

    /// <summary>
    /// Makes the local copy what object storage holds now, without becoming the owner and without keeping it open: the
    /// activation that follows reads only what came since.
    /// </summary>
    /// <returns>True when there was nothing to do, or little.</returns>
    public async Task<bool> PrepareAsync(TenantDescriptor descriptor, CancellationToken cancellationToken)
    {
        _memories.Forget(descriptor.Id);
        await using var replica = await DatabaseReplica.OpenAsync(
            ReplicaOptions(descriptor.Id, LineageOf(descriptor)), cancellationToken);
        return replica.Opening != Opening.Restored;
    }

    /// <summary>Its local copy is about to be gone.</summary>
    public void ForgetReplica(TenantId tenant) => _memories.Forget(tenant);

    /// <summary>True when the local copy has a WAL, which may hold what object storage does not have.</summary>
    public bool HasLocalCommits(TenantId tenant) =>
        new FileInfo(DatabasePath(tenant) + "-wal") is { Exists: true, Length: > 0 };

    /// <summary>
    /// Makes object storage ready for a change of a closed tenant's replica: this node's epoch is on record, and
    /// commits that only the local copy had are stored, so that they are part of the history.
    /// </summary>
    /// <exception cref="ApiException">503: another node owns it, or object storage does not answer.</exception>
    public async Task SettleClosedAsync(TenantDescriptor descriptor, CancellationToken cancellationToken)
    {
        var tenant = descriptor.Id;
        try
        {
            _memories.Forget(tenant);
            var epoch = await FindEpochAsync(tenant, cancellationToken);
            await EpochLease.AcquireAsync(
                store, TenantPath(tenant), epoch, options.NodeId, clock, cancellationToken);
            if (!HasLocalCommits(tenant)) return;
            await using var replica = await DatabaseReplica.OpenAsync(
                ReplicaOptions(tenant, LineageOf(descriptor)), cancellationToken);
            if (replica.UnshippedBytes > 0) await replica.ShipAsync(cancellationToken);
        }
        catch (RestoreException damaged)
        {
            // What there is cannot be opened: the change may be the cure, and has nothing to keep.
            LogNotSettled(damaged, tenant);
        }
        catch (Exception fault) when (fault is StaleEpochException or FencedException)
        {
            throw IsNotOwned(fault);
        }
    }

    private static string LineageOf(TenantDescriptor descriptor) => descriptor.Created.ToString("O");

    private string DatabasePath(TenantId tenant) => Path.Combine(LocalFolder(tenant), "data.db");

    private DatabaseReplicaOptions ReplicaOptions(TenantId tenant, string lineage) => new()
    {
        Store = store,
        ReplicaPath = ReplicaPathOf(tenant),
        DatabasePath = DatabasePath(tenant),
        Time = clock,
        Lineage = lineage,
        Metrics = replicationMetrics,
        RestoreMemory = _restoreMemory,
        Logger = loggers.CreateLogger<DatabaseReplica>(),
    };

    private async Task<long> FindEpochAsync(TenantId tenant, CancellationToken cancellationToken) =>
        await ownership.FindEpochAsync(tenant, cancellationToken) ?? throw IsNotOwned();

    private async Task<Shard> OpenDatabaseAsync(
        TenantDescriptor descriptor, long epoch, DatabaseReplica replica, Action<Shard> failed,
        Action<TenantId> markUnshipped)
    {
        var path = DatabasePath(descriptor.Id);
        var folder = LocalFolder(descriptor.Id);
        // Opening and reading the schema is SQLite work like any other: it takes a turn.
        using var slot = await slots.EnterAsync(new SlotQueue(), isBounded: false, CancellationToken.None);
        var writing = new ConnectionOptions(
            IsReadOnly: false, options.PageCacheKiB, DatabaseBytesMax: descriptor.Quotas.StorageBytesMax ?? 0);
        var writer = DatabaseConnection.Open(path, writing);
        awake.Opened();
        try
        {
            var schema = SchemaLoader.Load(writer);
            FileLedger.ApplyLimit(writer);
            var shipping = new ShardShipping(
                descriptor.Id, replica, path + "-wal", options, clock, new Random(), metrics,
                loggers.CreateLogger<ShardShipping>());
            // Commits of before a crash that object storage does not have yet.
            if (replica.UnshippedBytes > 0) shipping.Committed();
            return new Shard(
                descriptor,
                new ShardParts
                {
                    Writer = new ShardWriter(path, writing, awake, writer),
                    Readers = new ReaderPool(
                        path, new ConnectionOptions(IsReadOnly: true, options.PageCacheKiB), awake),
                    Shipping = shipping,
                    Upkeep = new ReplicaUpkeep(replica, options.Upkeep, replicationMetrics),
                    Schema = schema,
                    Initialization = now =>
                        TenantInitialization.IsNeeded(now) ? new TenantInitialization(clock.GetUtcNow()) : null,
                    Files = new FileStorage(store, TenantPath(descriptor.Id), folder, clock),
                    Logs = new LogStorage(
                        descriptor.Id, store, TenantPath(descriptor.Id), folder, loggers.CreateLogger<TenantLogs>())
                    {
                        Dropped = metrics.LogsDropped,
                    },
                    Slots = slots,
                    Metrics = metrics,
                    Clock = clock,
                    MayAcknowledge = () => ownership.IsServing,
                    MarkUnshipped = () => markUnshipped(descriptor.Id),
                    Remember = memory => _memories.Remember(descriptor.Id, epoch, memory),
                    DiscardLocalCopy = () => Directory.Delete(folder, recursive: true),
                },
                options,
                failed,
                loggers.CreateLogger<Shard>());
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    [LoggerMessage(2411, LogLevel.Information, "Tenant {TenantId} is active ({Outcome}, {Milliseconds:0.0} ms)")]
    private partial void LogActivated(TenantId tenantId, string outcome, double milliseconds);

    [LoggerMessage(2413, LogLevel.Warning,
        "Tenant {TenantId} is changed from outside while its replica cannot be opened; commits that only the local copy "
        + "may have had are given up")]
    private partial void LogNotSettled(Exception damage, TenantId tenantId);

    [LoggerMessage(2414, LogLevel.Error,
        "Tenant {TenantId} cannot be opened, and answers 503 until that is mended (docs/operations/backup-and-restore.md). "
        + "{Damage}")]
    private partial void LogDamaged(TenantId tenantId, string damage);

    [LoggerMessage(2412, LogLevel.Error, "Tenant {TenantId} cannot be opened")]
    private partial void LogFailed(Exception failure, TenantId tenantId);
}
