using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Platform.Messages.Identity;
using Platform.TenantShard.Scheduling;
using Platform.TenantShard.Shards;
using SQLitePCL;

namespace Platform.TenantShard.Hosting;

/// <summary>
/// The node's background work, in a few loops for all shards together (no timer or task per tenant): they interrupt
/// overdue statements, ship what local durability has left behind, evict, and keep up and verify replicas.
/// </summary>
internal sealed partial class ShardMaintenance : IAsyncDisposable
{
    private static readonly TimeSpan WatchdogInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RestInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan EvictionInterval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<TenantId, ShardEntry> _entries;
    private readonly ConcurrentDictionary<TenantId, byte> _unshipped = new();
    private readonly ConcurrentDictionary<ShardEntry, byte> _failed = new();
    private readonly ShardEviction _eviction;
    private readonly SqliteSlots _slots;
    private readonly ShardHostOptions _options;
    private readonly ShardMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task[] _loops;

    public ShardMaintenance(
        ConcurrentDictionary<TenantId, ShardEntry> entries, ShardEviction eviction, ShardResting resting,
        ShardReplicaUpkeep upkeep, LocalCopies copies, SqliteSlots slots, ShardHostOptions options, ShardMetrics metrics,
        TimeProvider clock, ILogger logger)
    {
        _entries = entries;
        _eviction = eviction;
        _slots = slots;
        _options = options;
        _metrics = metrics;
        _clock = clock;
        _logger = logger;
        _loops =
        [
            LoopAsync(WatchdogInterval, _ => WatchAsync()),
            LoopAsync(options.LocalShipInterval, ShipAsync),
            LoopAsync(RestInterval, _ => resting.RestIfFullAsync()),
            LoopAsync(EvictionInterval, EvictAsync),
            LoopAsync(options.UpkeepInterval, upkeep.RunDueAsync),
            LoopAsync(options.CacheLookInterval, copies.LookAsync),
            options.ScrubInterval > TimeSpan.Zero
                ? LoopAsync(options.ScrubInterval, upkeep.VerifyOneAsync)
                : Task.CompletedTask,
        ];
    }

    /// <summary>Asks for a background ship of the tenant.</summary>
    public void MarkUnshipped(TenantId tenant) => _unshipped.TryAdd(tenant, 0);

    /// <summary>Asks for the close of a shard that was fenced or is faulted.</summary>
    public void MarkFailed(ShardEntry entry) => _failed.TryAdd(entry, 0);

    public long UnshippedBytes()
    {
        var bytes = 0L;
        foreach (var entry in _entries.Values) bytes += entry.Opened?.Shipping.UnshippedBytes ?? 0;
        return bytes;
    }

    public double LagSeconds()
    {
        var lag = TimeSpan.Zero;
        foreach (var entry in _entries.Values)
        {
            if (entry.Opened is not { Shipping.OldestUnshipped: > 0 and var oldest }) continue;
            var age = _clock.GetElapsedTime(oldest);
            if (age > lag) lag = age;
        }

        return lag.TotalSeconds;
    }

    public static long SqliteBytes() => raw.sqlite3_memory_used();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_loops);
        _stopping.Dispose();
    }

    private async Task LoopAsync(TimeSpan interval, Func<CancellationToken, Task> work)
    {
        using var timer = new PeriodicTimer(interval, _clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token)) await work(_stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
#pragma warning disable CA1031 // A broken loop must not go unnoticed; the shards go on serving without it.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            LogLoopFailed(failure);
        }
    }

    private Task WatchAsync()
    {
        var interrupted = _slots.InterruptOverdue();
        var statementBytes = SqliteBytes() - _options.MemoryBudgetBytes;
        if (_options.StatementMemoryBytes > 0 && statementBytes > _options.StatementMemoryBytes / 4 * 3)
            interrupted += _slots.InterruptLongest();
        if (interrupted > 0) _metrics.Interrupted(interrupted);
        return Task.CompletedTask;
    }

    private async Task ShipAsync(CancellationToken cancellationToken)
    {
        var parallelism = new ParallelOptions
        {
            MaxDegreeOfParallelism = _options.MaintenanceParallelism,
            CancellationToken = cancellationToken,
        };
        await Parallel.ForEachAsync(_unshipped.Keys, parallelism, async (tenant, _) =>
        {
            // Taken off the list first: a commit that happens during the ship puts it back.
            _unshipped.TryRemove(tenant, out var _);
            if (!_entries.TryGetValue(tenant, out var entry) || entry.Opened is not { } shard) return;
            if (!shard.TryEnter()) return;
            try
            {
                if (!await shard.Shipping.TryShipAsync()) MarkUnshipped(tenant);
            }
            catch (Platform.Replication.Fencing.FencedException fenced)
            {
                shard.Fence(fenced);
            }
            finally
            {
                shard.Leave();
            }
        });
    }

    private async Task EvictAsync(CancellationToken cancellationToken)
    {
        foreach (var entry in _failed.Keys)
        {
            _failed.TryRemove(entry, out _);
            await _eviction.CloseAsync(entry, "failed");
        }

        await _eviction.EvictIdleAsync(cancellationToken);
        while (SqliteBytes() > _options.MemoryBudgetBytes && !cancellationToken.IsCancellationRequested)
            if (!await _eviction.EvictOneAsync("memory")) break;
    }

    [LoggerMessage(2403, LogLevel.Critical, "A maintenance loop of the shard host ended by a failure")]
    private partial void LogLoopFailed(Exception failure);
}
