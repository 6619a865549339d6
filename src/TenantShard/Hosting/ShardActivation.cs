using Microsoft.Extensions.Logging;
using Platform.Messages.Identity;
using Platform.Messages.Tenants;
using Platform.Replication.Fencing;
using Platform.Replication.ObjectStore;
using Platform.Replication.Shipping;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Database;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Scheduling;
using Platform.TenantShard.Shards;
using Platform.TenantShard.Templates;

namespace Platform.TenantShard.Hosting;

/// <summary>
/// Opens one shard: takes the fencing record of its epoch, restores or verifies the local copy, opens the writer and
/// reads the schema. Every failure leaves nothing open and is told to the waiting requests as 503.
/// </summary>
internal sealed partial class ShardActivation(
    IObjectStore store, IShardOwnership ownership, SqliteSlots slots,
    ShardHostOptions options, ShardMetrics metrics, TimeProvider clock, ILoggerFactory loggers)
{
    private readonly ILogger _logger = loggers.CreateLogger<ShardActivation>();

    public static string TenantPath(TenantId tenant) => $"tenants/{tenant.Value}";

    public string LocalFolder(TenantId tenant) => Path.Combine(options.CachePath, tenant.Value);

    public async Task<Shard> OpenAsync(
        TenantDescriptor descriptor, Action<Shard> failed, Action<TenantId> markUnshipped,
        CancellationToken cancellationToken)
    {
        var tenant = descriptor.Id;
        var started = clock.GetTimestamp();
        try
        {
            var (replica, outcome) = await OpenReplicaAsync(
                tenant, descriptor.Created.ToString("O"), cancellationToken);
            try
            {
                var shard = await OpenDatabaseAsync(descriptor, replica, failed, markUnshipped);
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
        catch (StaleEpochException stale)
        {
            metrics.Activated("stale", clock.GetElapsedTime(started).TotalSeconds);
            LogFailed(stale, tenant);
            throw new ApiException(503, "Another node owns the tenant.", cause: stale) { RetryAfterSeconds = 1 };
        }
    }

    private async Task<(DatabaseReplica Replica, string Outcome)> OpenReplicaAsync(
        TenantId tenant, string lineage, CancellationToken cancellationToken)
    {
        var epoch = await ownership.FindEpochAsync(tenant, cancellationToken)
            ?? throw ApiException.Unavailable("Another node owns the tenant.", retryAfterSeconds: 1);
        await EpochLease.AcquireAsync(store, TenantPath(tenant), epoch, options.NodeId, clock, cancellationToken);
        var path = Path.Combine(LocalFolder(tenant), "data.db");
        Directory.CreateDirectory(LocalFolder(tenant));
        var replica = await DatabaseReplica.OpenAsync(
            new DatabaseReplicaOptions
            {
                Store = store,
                ReplicaPath = $"{TenantPath(tenant)}/data.db",
                DatabasePath = path,
                Time = clock,
                Lineage = lineage,
                Logger = loggers.CreateLogger<DatabaseReplica>(),
            },
            cancellationToken);
        if (replica.Opening == Opening.Empty) await TemplateImage.WriteAsync(path, cancellationToken);
        return (replica, replica.Opening switch
        {
            Opening.Empty => "template",
            Opening.Continued => "continued",
            _ => "restored",
        });
    }

    private async Task<Shard> OpenDatabaseAsync(
        TenantDescriptor descriptor, DatabaseReplica replica, Action<Shard> failed, Action<TenantId> markUnshipped)
    {
        var path = Path.Combine(LocalFolder(descriptor.Id), "data.db");
        var folder = LocalFolder(descriptor.Id);
        // Opening and reading the schema is SQLite work like any other: it takes a turn.
        using var slot = await slots.EnterAsync(new SlotQueue(), isBounded: false, CancellationToken.None);
        var writer = DatabaseConnection.Open(
            path,
            new ConnectionOptions(
                IsReadOnly: false, options.PageCacheKiB, DatabaseBytesMax: descriptor.Quotas.StorageBytesMax ?? 0));
        try
        {
            var schema = SchemaLoader.Load(writer);
            var shipping = new ShardShipping(
                descriptor.Id, replica, path + "-wal", options, clock, new Random(), metrics,
                loggers.CreateLogger<ShardShipping>());
            // Commits of before a crash that object storage does not have yet.
            if (replica.UnshippedBytes > 0) shipping.Committed();
            return new Shard(
                descriptor,
                new ShardParts
                {
                    Writer = writer,
                    Readers = new ReaderPool(path, new ConnectionOptions(IsReadOnly: true, options.PageCacheKiB)),
                    Shipping = shipping,
                    Schema = schema,
                    Initialization = now =>
                        TenantInitialization.IsNeeded(now) ? new TenantInitialization(clock.GetUtcNow()) : null,
                    Slots = slots,
                    Metrics = metrics,
                    Clock = clock,
                    MarkUnshipped = () => markUnshipped(descriptor.Id),
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

    [LoggerMessage(2412, LogLevel.Error, "Tenant {TenantId} cannot be opened")]
    private partial void LogFailed(Exception failure, TenantId tenantId);
}
