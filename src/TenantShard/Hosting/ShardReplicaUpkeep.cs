using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Platform.Messages.Identity;
using Platform.Replication.Fencing;
using Platform.Replication.ObjectStore;
using Platform.Replication.Scrubbing;
using Platform.TenantShard.Database;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Hosting;

/// <summary>
/// Keeps up the replicas of the node's open shards, a few at a time, on the heels of their writes; and verifies one now
/// and then. A shard that nobody writes to is left alone. Called by the maintenance loops; a failure concerns one shard
/// only, and is tried again.
/// </summary>
internal sealed partial class ShardReplicaUpkeep(
    ConcurrentDictionary<TenantId, ShardEntry> entries, ShardHostOptions options, TimeProvider clock, Random random,
    ILogger logger)
{
    // Written by the one loop that verifies, read by the metrics.
    private long _lastVerification = clock.GetTimestamp();

    /// <summary>Runs upkeep where it is due.</summary>
    public async Task RunDueAsync(CancellationToken cancellationToken)
    {
        var due = new List<Shard>();
        foreach (var entry in entries.Values)
            if (entry.Opened is { Upkeep.IsDue: true } shard) due.Add(shard);
        var parallelism = new ParallelOptions
        {
            MaxDegreeOfParallelism = options.UpkeepParallelism,
            CancellationToken = cancellationToken,
        };
        await Parallel.ForEachAsync(due, parallelism, (shard, cancel) => GuardAsync(
            shard, async stop => await shard.Upkeep.RunAsync(stop), cancel));
    }

    /// <summary>Verifies the replica of one shard that was written to since it was verified, if there is any.</summary>
    public async Task VerifyOneAsync(CancellationToken cancellationToken)
    {
        Shard? chosen = null;
        var candidates = 0;
        foreach (var entry in entries.Values)
        {
            if (entry.Opened is not { Upkeep.IsVerified: false, Shipping.Replica.Position.Value: > 0 } shard) continue;
            // Each of them with the same chance, without a list of them.
            if (random.Next(++candidates) == 0) chosen = shard;
        }

        if (chosen is not null) await GuardAsync(chosen, stop => VerifyAsync(chosen, stop), cancellationToken);
    }

    /// <summary>The age of the oldest among the last snapshots of the open shards.</summary>
    public double OldestSnapshotSeconds()
    {
        var oldest = TimeSpan.Zero;
        foreach (var entry in entries.Values)
            if (entry.Opened?.Upkeep.SnapshotAge is { } age && age > oldest) oldest = age;
        return oldest.TotalSeconds;
    }

    public double LastVerificationSeconds() =>
        clock.GetElapsedTime(Interlocked.Read(ref _lastVerification)).TotalSeconds;

    private async Task VerifyAsync(Shard shard, CancellationToken cancellationToken)
    {
        var outcome = await shard.Upkeep.VerifyAsync(
            new ScrubOptions
            {
                ScratchPath = Path.Combine(options.CachePath, shard.Tenant.Value, "verify.db"),
                CheckIntegrity = (path, cancel) => Task.Run(() => CheckIntegrity(path), cancel),
            },
            cancellationToken);
        LogVerified(shard.Tenant, outcome);
        if (outcome is ScrubOutcome.Verified or ScrubOutcome.Repaired)
            Interlocked.Exchange(ref _lastVerification, clock.GetTimestamp());
    }

    private static string? CheckIntegrity(string path)
    {
        using var database = DatabaseConnection.Open(path, new ConnectionOptions(IsReadOnly: true));
        using var statement = database.Prepare("PRAGMA integrity_check(1)");
        var answer = statement.Step() ? statement.Text(0) : "no answer";
        return answer == "ok" ? null : answer;
    }

    private async ValueTask GuardAsync(Shard shard, Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The shard closes, or the host stops: the next owner of the replica goes on.
        }
        catch (Exception failure) when (failure is FencedException or ObjectDisposedException)
        {
            // The shard has another owner, or was closed just now; its own work finds out and ends it.
            LogNotOurs(shard.Tenant, failure.Message);
        }
        catch (ObjectStoreException unavailable)
        {
            LogPutOff(unavailable, shard.Tenant);
        }
#pragma warning disable CA1031 // Supervision: upkeep of one replica must not end that of all others.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            LogFailed(failure, shard.Tenant);
        }
    }

    [LoggerMessage(2421, LogLevel.Debug, "The replica of tenant {TenantId} was verified: {Outcome}")]
    private partial void LogVerified(TenantId tenantId, ScrubOutcome outcome);

    [LoggerMessage(2422, LogLevel.Warning,
        "Upkeep of the replica of tenant {TenantId} is put off, because object storage failed")]
    private partial void LogPutOff(ObjectStoreException failure, TenantId tenantId);

    [LoggerMessage(2423, LogLevel.Error, "Upkeep of the replica of tenant {TenantId} failed")]
    private partial void LogFailed(Exception failure, TenantId tenantId);

    [LoggerMessage(2424, LogLevel.Debug, "Upkeep of the replica of tenant {TenantId} ended: {Reason}")]
    private partial void LogNotOurs(TenantId tenantId, string reason);
}
