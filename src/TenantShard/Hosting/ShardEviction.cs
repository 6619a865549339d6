using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Platform.Messages.Identity;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Hosting;

/// <summary>Closes shards: on demand, when they are idle, and the least recently used to make room.</summary>
internal sealed partial class ShardEviction(
    ConcurrentDictionary<TenantId, ShardEntry> entries, ShardHostOptions options, ShardMetrics metrics,
    TimeProvider clock, ILogger logger)
{
    /// <summary>Makes room for one more shard.</summary>
    /// <exception cref="ApiException">503: the node is full and every shard is in use.</exception>
    public async Task MakeRoomAsync(ShardEntry newcomer)
    {
        // The newcomer counts already. The bound on turns keeps two newcomers from chasing each other for ever.
        for (var turn = 0; turn < 8 && entries.Count > options.ActiveMax; turn++)
        {
            if (LeastRecentlyUsed(newcomer) is not { } victim)
                throw ApiException.Unavailable("The node is full: every open tenant is in use.", retryAfterSeconds: 2);
            await CloseAsync(victim, "count");
        }
    }

    /// <summary>Closes shards that were not used for the idle time.</summary>
    public async Task EvictIdleAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetTimestamp();
        foreach (var entry in entries.Values)
        {
            if (cancellationToken.IsCancellationRequested) return;
            if (entry.IsBusy || entry.Opened is not { Users: 0 } shard) continue;
            var unused = clock.GetElapsedTime(shard.LastUsed, now);
            if (unused >= options.IdleAfter) await CloseAsync(entry, "idle");
            else if (unused >= options.IdleAfter / 10) shard.BecomeIdle();
        }
    }

    /// <summary>Closes one least recently used shard, because memory is short; false when all are in use.</summary>
    public async Task<bool> EvictOneAsync(string reason)
    {
        if (LeastRecentlyUsed(except: null) is not { } victim) return false;
        await CloseAsync(victim, reason);
        return true;
    }

    /// <summary>Closes the entry's shard and removes it from the host. Never throws: a close cannot be refused.</summary>
    public Task CloseAsync(ShardEntry entry, string reason) => entry.CloseAsync(async (shard, others) =>
    {
        try
        {
            await shard.CloseAsync(entry.MarkShipped, others);
            await others;
            metrics.Evicted(reason);
        }
#pragma warning disable CA1031 // Supervision: the unclean copy is judged at the next activation.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            LogCloseFailed(failure, entry.Tenant);
        }
        finally
        {
            entry.LeaveFrom(entries);
        }
    });

    /// <summary>A scan, not a list: entering a shard stays free of shared writes, and evictions are rare.</summary>
    private ShardEntry? LeastRecentlyUsed(ShardEntry? except)
    {
        ShardEntry? oldest = null;
        var oldestUse = long.MaxValue;
        foreach (var entry in entries.Values)
        {
            if (entry == except || entry.IsBusy || entry.Opened is not { Users: 0 } shard) continue;
            if (shard.LastUsed >= oldestUse) continue;
            oldest = entry;
            oldestUse = shard.LastUsed;
        }

        return oldest;
    }

    [LoggerMessage(2402, LogLevel.Error, "Shard of tenant {TenantId} did not close cleanly")]
    private partial void LogCloseFailed(Exception failure, TenantId tenantId);
}
