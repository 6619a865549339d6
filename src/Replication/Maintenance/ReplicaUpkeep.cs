using Microsoft.Extensions.Logging;
using Platform.Replication.Compaction;
using Platform.Replication.ObjectStore;
using Platform.Replication.Restoring;
using Platform.Replication.Retention;
using Platform.Replication.Scrubbing;
using Platform.Replication.Shipping;

namespace Platform.Replication.Maintenance;

/// <summary>
/// Keeps one replica cheap to store and quick to restore: merges files, writes snapshots, deletes what is not retained.
/// Only the replica's owner does this. It has no timer and no thread: the caller asks <see cref="IsDue"/>, which costs
/// nothing, now and then, and calls <see cref="RunAsync"/>. A database that nobody writes to is never due.
/// </summary>
public sealed partial class ReplicaUpkeep : IAsyncDisposable
{
    // Each round merges all that is due of one level; the next may find that due which they made.
    private const int RoundsMax = 16;

    private static readonly TimeSpan RetryAfterMin = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RetryAfterMax = TimeSpan.FromMinutes(15);

    private readonly DatabaseReplica _replica;
    private readonly UpkeepOptions _options;
    private readonly ReplicationMetrics? _metrics;
    private readonly ReplicaInventory _inventory;
    private readonly CompactionRun _compaction;
    private readonly RetentionRun _retention;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopping = new();

    // Guarded by the gate. The run under way, to be waited for.
    private TaskCompletionSource? _running;
    private bool _isDisposed;

    // Written by the run under way; read by IsDue. Ticks of the inventory's clock.
    private long _lookAgain = long.MinValue;
    private long _notBefore = long.MinValue;
    private TimeSpan _retryAfter = RetryAfterMin;
    private long _verified = -1;
    private volatile bool _isSuspended;

    public ReplicaUpkeep(DatabaseReplica replica, UpkeepOptions options, ReplicationMetrics? metrics)
    {
        options.Validate();
        (_replica, _options, _metrics) = (replica, options, metrics);
        (_inventory, _logger) = (replica.Inventory, replica.Options.Logger);
        _compaction = new CompactionRun(replica.Options, _inventory, options, metrics);
        _retention = new RetentionRun(replica.Options, _inventory, metrics);
    }

    /// <summary>True when something was shipped, and enough of it or long enough ago that it is worth a look.</summary>
    public bool IsDue
    {
        get
        {
            var unseen = _inventory.Unseen;
            if (unseen == 0 || _isSuspended || !_replica.IsOwner)
            {
                return false;
            }

            var now = _inventory.Now.Ticks;
            return now >= Volatile.Read(ref _notBefore)
                && (unseen >= _options.LookFiles || now >= Volatile.Read(ref _lookAgain));
        }
    }

    /// <summary>The age of the last snapshot's content; null when the replica has none.</summary>
    public TimeSpan? SnapshotAge => _inventory.NewestSnapshotMilliseconds() is { } milliseconds
        ? TimeSpan.FromMilliseconds(_inventory.UtcMilliseconds - milliseconds)
        : null;

    /// <summary>True when nothing was shipped since the last verification that succeeded.</summary>
    public bool IsVerified => _verified == (long)_replica.Position.Value;

    /// <summary>
    /// Does what is due, which mostly is nothing. One run at a time; a second call meanwhile does nothing. It runs beside
    /// ships and checkpoints, and may be cancelled or cut off anywhere.
    /// </summary>
    /// <exception cref="ObjectStoreException">Object storage failed; <see cref="IsDue"/> is false for a while.</exception>
    public async Task<UpkeepResult> RunAsync(CancellationToken cancellationToken)
    {
        if (_isSuspended || !TryBegin())
        {
            return default;
        }

        var seen = _inventory.See();
        try
        {
            using var cancel = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
            var result = await RunOrListAsync(cancel.Token);
            Volatile.Write(ref _lookAgain, (_inventory.Now + _options.LookInterval).Ticks);
            (seen, _retryAfter) = (0, RetryAfterMin);
            return result;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            _metrics?.UpkeepFailed();
            Volatile.Write(ref _notBefore, (_inventory.Now + _retryAfter).Ticks);
            _retryAfter = TimeSpan.FromTicks(Math.Min(2 * _retryAfter.Ticks, RetryAfterMax.Ticks));
            throw;
        }
        finally
        {
            _inventory.Unsee(seen);
            End();
        }
    }

    /// <summary>
    /// Verifies that the replica restores to what the database is, at the cost of a restore, and mends what is damaged in
    /// the store. Takes the turn of a run, and is stopped and waited for like one.
    /// </summary>
    /// <exception cref="ObjectStoreException">Object storage failed: nothing is known.</exception>
    public async Task<ScrubOutcome> VerifyAsync(ScrubOptions options, CancellationToken cancellationToken)
    {
        if (!TryBegin())
        {
            return ScrubOutcome.Skipped;
        }

        var started = _inventory.Now;
        try
        {
            using var cancel = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
            var (outcome, txid) = await new ReplicaScrub(_replica, options).RunAsync(cancel.Token);
            _verified = outcome is ScrubOutcome.Verified or ScrubOutcome.Repaired ? (long)txid.Value : _verified;
            _isSuspended |= outcome == ScrubOutcome.Different;
            _metrics?.Scrubbed(outcome.ToString().ToLowerInvariant(), (_inventory.Now - started).TotalSeconds);
            return outcome;
        }
        finally
        {
            End();
        }
    }

    /// <summary>Stops a run under way and waits for its end. To be called before the replica is closed.</summary>
    public async ValueTask DisposeAsync()
    {
        TaskCompletionSource? running;
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            (_isDisposed, running) = (true, _running);
        }

        await _stopping.CancelAsync();
        if (running is not null)
        {
            await running.Task;
        }

        _stopping.Dispose();
    }

    private bool TryBegin()
    {
        lock (_gate)
        {
            if (_isDisposed || _running is not null || !_replica.IsOwner)
            {
                return false;
            }

            _running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return true;
        }
    }

    private void End()
    {
        TaskCompletionSource ended;
        lock (_gate)
        {
            (ended, _running) = (_running!, null);
        }

        ended.SetResult();
    }

    private async Task<UpkeepResult> RunOrListAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await RunRoundsAsync(cancellationToken);
        }
        catch (FileGoneException gone)
        {
            LogGone(_replica.Options.ReplicaPath, gone.Key);
            var began = _inventory.Now;
            _inventory.Learn(
                await ReplicaListing.ListAsync(
                    _replica.Options.Store, _replica.Options.ReplicaPath, cancellationToken),
                began);
            return default;
        }
    }

    private async Task<UpkeepResult> RunRoundsAsync(CancellationToken cancellationToken)
    {
        var merges = 0;
        for (var round = 0; round < RoundsMax; round++)
        {
            var due = CompactionPolicy.FindMerges(_inventory.ToArray(), _options);
            foreach (var merge in due)
            {
                RequireOwner();
                merges += await _compaction.RunAsync(merge, cancellationToken) ? 1 : 0;
            }

            if (due.Count == 0)
            {
                break;
            }
        }

        var snapshots = await SnapshotIfDueAsync(cancellationToken);
        var deletions = RetentionPolicy.FindDeletions(
            _inventory.ToArray(), _inventory.Now, _inventory.UtcMilliseconds, _options);
        if (deletions.Count > 0)
        {
            RequireOwner();
            await _retention.RunAsync(deletions, cancellationToken);
        }

        return new UpkeepResult(merges, snapshots, deletions.Count);
    }

    private async Task<int> SnapshotIfDueAsync(CancellationToken cancellationToken)
    {
        var files = _inventory.ToArray();
        if (!SnapshotSchedule.IsDue(
            files, _inventory.Now, _inventory.UtcMilliseconds, _replica.DatabaseBytes, _options))
        {
            return 0;
        }

        RequireOwner();
        var isRepair = Array.Exists(files, static file => file.IsDamaged);
        var isWritten = await _replica.SnapshotAsync(isRepair, cancellationToken);
        _metrics?.Snapshot(isWritten ? "ok" : "skipped");
        return isWritten ? 1 : 0;
    }

    private void RequireOwner()
    {
        if (!_replica.IsOwner)
        {
            throw new OperationCanceledException("The replica has another owner, or is closed.");
        }
    }

    [LoggerMessage(1024, LogLevel.Warning,
        "Replica {ReplicaPath}: {Key} is gone, although nothing here deleted it. The replica is listed anew")]
    private partial void LogGone(string replicaPath, string key);
}
