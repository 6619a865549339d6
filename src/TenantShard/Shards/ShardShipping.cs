using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;
using Platform.Messages.Identity;
using Platform.Replication.ObjectStore;
using Platform.Replication.Shipping;
using Platform.TenantShard.Database;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Hosting;

namespace Platform.TenantShard.Shards;

/// <summary>
/// A shard's way to object storage: ships what is committed, retries while the store fails, and checkpoints the WAL
/// once all of it is shipped. One ship at a time; in local durability it runs beside the drain.
/// </summary>
internal sealed partial class ShardShipping(
    TenantId tenant, DatabaseReplica replica, string walPath, ShardHostOptions options, TimeProvider clock,
    Random random, ShardMetrics metrics, ILogger logger) : IDisposable
{
    /// <summary>First pause between attempts; doubled up to <see cref="RetryPauseMax"/>, with full jitter.</summary>
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan RetryPauseMax = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private CancellationTokenSource _deadline = new(Timeout.InfiniteTimeSpan, clock);
    private SafeFileHandle? _wal;
    private long _walBytes;
    private readonly CommitCount _commits = new();
    private long _oldestUnshipped;

    public DatabaseReplica Replica => replica;

    /// <summary>Size of the WAL after the last commit, in bytes; empty after a checkpoint.</summary>
    public long WalBytes => Interlocked.Read(ref _walBytes);

    /// <summary>Committed WAL that object storage does not have yet, in bytes.</summary>
    public long UnshippedBytes => OldestUnshipped == 0 ? 0 : Math.Max(0, WalBytes - replica.WalBytes);

    /// <summary>When the oldest unshipped commit happened, as a timestamp of the clock; 0 = all is shipped.</summary>
    public long OldestUnshipped => Interlocked.Read(ref _oldestUnshipped);

    /// <summary>Says that a transaction was committed just now. Called by the drain only.</summary>
    public void Committed()
    {
        _wal ??= File.OpenHandle(walPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Interlocked.Exchange(ref _walBytes, RandomAccess.GetLength(_wal));
        lock (_commits)
        {
            _commits.Count++;
            if (_oldestUnshipped == 0) Interlocked.Exchange(ref _oldestUnshipped, clock.GetTimestamp());
        }
    }

    /// <summary>Ships all that is committed, trying again until the write deadline.</summary>
    /// <exception cref="ApiException">503: object storage did not take it in time; it stays to be shipped.</exception>
    /// <exception cref="Platform.Replication.Fencing.FencedException">A newer owner exists.</exception>
    public async ValueTask ShipAsync()
    {
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            _deadline.CancelAfter(options.WriteDeadline);
            await ShipUntilDeadlineAsync(_deadline.Token);
        }
        finally
        {
            if (!_deadline.TryReset())
            {
                _deadline.Dispose();
                _deadline = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
            }

            _turn.Release();
        }
    }

    /// <summary>
    /// Checkpoints the WAL when it is large and shipped. Runs on the drain, between two groups, so that no write is
    /// under way. Readers may keep it from completing: then it is tried again after a later group.
    /// </summary>
    public async ValueTask CheckpointIfDueAsync(ShardWriter writer, bool isLocal)
    {
        if (WalBytes < options.CheckpointWalBytes) return;
        // Under constant load a shard in local durability never has everything shipped by itself.
        if (isLocal && OldestUnshipped != 0) await TryShipAsync();

        Checkpoint(writer.Open());
    }

    /// <summary>Checkpoints now, if everything is shipped; true when the WAL is empty afterwards.</summary>
    public bool Checkpoint(DatabaseConnection writer)
    {
        if (!replica.TryBeginCheckpoint()) return false;
        var isComplete = false;
        try
        {
            // Columns: busy, frames in the WAL, frames checkpointed (https://sqlite.org/pragma.html#pragma_wal_checkpoint).
            using var statement = writer.Prepare("PRAGMA wal_checkpoint(TRUNCATE)");
            isComplete = statement.Step() && statement.Int64(0) == 0;
        }
        finally
        {
            replica.EndCheckpoint(isComplete);
            if (isComplete) Interlocked.Exchange(ref _walBytes, 0);
            metrics.Checkpointed(isComplete);
        }

        return isComplete;
    }

    /// <summary>True while a file is kept open.</summary>
    public bool HoldsFiles => Volatile.Read(ref _wal) is not null || replica.HoldsFiles;

    /// <summary>Closes the files until the next commit; SQLite has the database closed. Called by the drain only.</summary>
    public void Rest()
    {
        _wal?.Dispose();
        _wal = null;
        // When somebody reads the database for a snapshot: another time.
        replica.TryRest();
    }

    public void Dispose()
    {
        _wal?.Dispose();
        _deadline.Dispose();
        _turn.Dispose();
    }

    /// <summary>Ships once without failing the caller: for background work that is tried again anyway.</summary>
    public async ValueTask<bool> TryShipAsync()
    {
        try
        {
            await ShipAsync();
            return true;
        }
        catch (ApiException)
        {
            return false;
        }
    }

    private async ValueTask ShipUntilDeadlineAsync(CancellationToken deadline)
    {
        for (var attempt = 0; ; attempt++)
        {
            var (seen, started) = (CountCommits(), clock.GetTimestamp());
            try
            {
                await replica.ShipAsync(deadline);
                MarkShipped(seen, started);
                return;
            }
            catch (ObjectStoreException failure)
            {
                if (attempt == 0) LogShipFailed(failure, tenant);
                await PauseAsync(attempt, failure, deadline);
            }
            catch (OperationCanceledException cancelled)
            {
                throw TimedOut(cancelled);
            }
        }
    }

    private long CountCommits()
    {
        lock (_commits) return _commits.Count;
    }

    /// <summary>A commit that happened during the ship may not be in it: then the oldest is as old as its start.</summary>
    private void MarkShipped(long seen, long started)
    {
        lock (_commits) Interlocked.Exchange(ref _oldestUnshipped, _commits.Count == seen ? 0 : started);
    }

    private async ValueTask PauseAsync(int attempt, ObjectStoreException failure, CancellationToken deadline)
    {
        var longest = Math.Min(RetryPauseMax.TotalMilliseconds, RetryPause.TotalMilliseconds * Math.Pow(2, attempt));
        try
        {
            await Task.Delay(TimeSpan.FromMilliseconds(longest * random.NextDouble()), clock, deadline);
        }
        catch (OperationCanceledException)
        {
            throw TimedOut(failure);
        }
    }

    private static ApiException TimedOut(Exception cause) =>
        new(503, "Object storage did not take the write in time. It may be stored later, whole, or not at all.",
            cause: cause)
        { RetryAfterSeconds = 2 };

    [LoggerMessage(2101, LogLevel.Warning, "Shipping tenant {TenantId} to object storage failed; trying again")]
    private partial void LogShipFailed(Exception failure, TenantId tenantId);

    /// <summary>Commits so far; its own lock, shared by the drain and the background ship.</summary>
    private sealed class CommitCount
    {
        public long Count { get; set; }
    }
}
