using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Platform.Messages.Identity;
using Platform.Replication.ObjectStore;
using Platform.TenantShard.Logs;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Hosting;

/// <summary>
/// Keeps the disk that closed tenants take within a bound: the least recently used copies are deleted, and those of
/// tenants that are in the registry no more. Never one that is open, and never one that holds a commit which object
/// storage does not have. The next request of the tenant restores it.
/// </summary>
internal sealed partial class LocalCopies(
    ConcurrentDictionary<TenantId, ShardEntry> entries, ShardActivation activation, IObjectStore store,
    ITenantDirectory directory, ShardHostOptions options, ShardMetrics metrics, TimeProvider clock,
    ILoggerFactory loggers)
{
    /// <summary>Part of the disk that stays free when the bound is not given.</summary>
    private const int FreeFraction = 10;

    private const long DescriptorBytesMax = 1024 * 1024;

    /// <summary>
    /// The registry's copy in memory may be a moment old, and a registry that is rebuilt is empty for a while.
    /// </summary>
    private static readonly TimeSpan UnknownFor = TimeSpan.FromMinutes(10);

    private readonly ILogger _logger = loggers.CreateLogger<LocalCopies>();
    private long _bytes;

    /// <summary>Bytes of all copies, open tenants' too, at the last look.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>One look: deletes what has to go.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        // Thousands of folders: not on a thread that answers requests.
        var copies = await Task.Run(() => LocalCopy.Find(options.CachePath), cancellationToken);
        var bytes = copies.Sum(copy => copy.Bytes);
        if (bytes == 0) return;
        var bytesMax = options.CacheBytesMax > 0 ? options.CacheBytesMax : BoundByDisk(bytes);
        foreach (var copy in copies.OrderBy(copy => copy.LastUsed))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var isUnknown = directory.Find(copy.Tenant) is null && clock.GetUtcNow() - copy.LastUsed > UnknownFor;
            var reason = isUnknown ? "unknown" : bytes > bytesMax ? "size" : null;
            if (reason is not null && await TryRemoveAsync(copy, isUnknown, cancellationToken))
            {
                bytes -= copy.Bytes;
                metrics.CopyRemoved(reason);
            }
        }

        Interlocked.Exchange(ref _bytes, bytes);
        if (bytes > bytesMax) LogStillTooMuch(bytes, bytesMax);
    }

    /// <summary>What leaves a tenth of the disk free.</summary>
    private long BoundByDisk(long bytes)
    {
        var disk = new DriveInfo(options.CachePath);
        return bytes + disk.AvailableFreeSpace - (disk.TotalSize / FreeFraction);
    }

    /// <summary>False when it has to stay.</summary>
    private async Task<bool> TryRemoveAsync(LocalCopy copy, bool isUnknown, CancellationToken cancellationToken)
    {
        // Holds the tenant's place: a request that comes now waits, and then restores.
        var held = new ShardEntry(copy.Tenant, isHeld: true);
        if (!entries.TryAdd(copy.Tenant, held)) return false;
        try
        {
            if (activation.HasLocalCommits(copy.Tenant)
                && !(isUnknown && await IsPurgedAsync(copy.Tenant, cancellationToken))) return false;
            if (!isUnknown) await ShipLogsAsync(copy);
            activation.ForgetReplica(copy.Tenant);
            await Task.Run(() => Directory.Delete(copy.Folder, recursive: true), CancellationToken.None);
            LogRemoved(copy.Tenant, copy.Bytes);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ObjectStoreException)
        {
            LogNotRemoved(failure, copy.Tenant);
            return false;
        }
        finally
        {
            held.LeaveFrom(entries);
        }
    }

    /// <summary>
    /// Whether the tenant was purged, and its commits are of no use to anybody: its descriptor goes last, and a registry
    /// that has lost it would be rebuilt from it.
    /// </summary>
    private async Task<bool> IsPurgedAsync(TenantId tenant, CancellationToken cancellationToken) =>
        await store.GetAsync(
            $"{ShardActivation.TenantPath(tenant)}/metadata.json", DescriptorBytesMax, cancellationToken) is null;

    /// <summary>What could not be stored when the tenant was closed; a log that cannot be kept is lost.</summary>
    private async Task ShipLogsAsync(LocalCopy copy)
    {
        using var logs = new TenantLogs(
            new LogStorage(
                copy.Tenant, store, ShardActivation.TenantPath(copy.Tenant), copy.Folder,
                loggers.CreateLogger<TenantLogs>()),
            clock);
        await logs.StoreAllAsync();
    }

    [LoggerMessage(2430, LogLevel.Debug, "The local copy of tenant {TenantId} was deleted ({Bytes} bytes)")]
    private partial void LogRemoved(TenantId tenantId, long bytes);

    [LoggerMessage(2431, LogLevel.Warning, "The local copy of tenant {TenantId} could not be deleted")]
    private partial void LogNotRemoved(Exception failure, TenantId tenantId);

    [LoggerMessage(2432, LogLevel.Warning,
        "Local copies take {Bytes} bytes, more than the {BytesMax} of platform.tenant-node.cache-bytes-max or what leaves a "
        + "tenth of the disk free: the rest is open, or not in object storage yet")]
    private partial void LogStillTooMuch(long bytes, long bytesMax);
}
