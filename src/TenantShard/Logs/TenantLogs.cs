using Microsoft.Extensions.Logging;
using Platform.Messages.Identity;
using Platform.Replication.ObjectStore;
using Platform.TenantShard.Collections.Json;
using Platform.TenantShard.Database;

namespace Platform.TenantShard.Logs;

/// <summary>
/// The logs of one tenant, for the time of one activation. Entries wait in memory, go to the local database in batches,
/// and from there to object storage now and then and at the end. Nothing of it may fail a request: what cannot be kept
/// is lost, and the node's log says so.
/// </summary>
internal sealed partial class TenantLogs(LogStorage storage, TimeProvider clock) : IDisposable
{
    /// <summary>Entries that are worth a transaction before their time.</summary>
    private const int BatchCount = 512;

    /// <summary>Rows of a segment.</summary>
    private const int SegmentRowsMax = 20_000;

    /// <summary>What a crash of the node loses at most, of a tenant that goes on being used.</summary>
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(10);

    /// <summary>What a loss of the node loses at most: more often would only cost requests.</summary>
    private static readonly TimeSpan ShipInterval = TimeSpan.FromMinutes(15);

    /// <summary>A tenant closes whether object storage answers or not; the local database keeps what it has.</summary>
    private static readonly TimeSpan CloseDeadline = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan ReadDeadline = TimeSpan.FromSeconds(10);

    /// <summary>Work on log databases of all tenants of the process that runs at once.</summary>
    private static readonly SemaphoreSlim NodeTurns = new(4);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly LogBuffer _buffer = new();
    private readonly LogArchive _archive = new(storage.Store, storage.TenantPath);

    // Both are used by the holder of the turn only.
    private long _shipped = clock.GetTimestamp();
    private bool _isSynced;

    private long _flushed = clock.GetTimestamp();
    private volatile int _daysKept;

    /// <summary>True when it should be emptied already.</summary>
    public bool IsDue =>
        _buffer.Count >= BatchCount || clock.GetElapsedTime(Volatile.Read(ref _flushed)) >= FlushInterval;

    /// <summary>Notes something; true when nothing was waiting before, so that somebody must see to it.</summary>
    /// <param name="entry">What happened.</param>
    /// <param name="daysKept">How long the tenant wants its logs to be kept; 0 = as it said before.</param>
    public bool Add(in LogEntry entry, int daysKept = 0)
    {
        if (daysKept > 0 && daysKept != _daysKept) _daysKept = daysKept;
        return _buffer.Add(entry);
    }

    /// <summary>Stores what waits in the local database; ships it when the time has come.</summary>
    public Task FlushAsync(CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        if (_buffer.Count == 0) return;
        var needsShip = clock.GetElapsedTime(_shipped) >= ShipInterval;
        using var database = LogDatabase.Open(storage.DatabasePath);
        AddWaiting(database);
        if (needsShip) await ShipAsync(database, cancellationToken);
    }, cancellationToken);

    /// <summary>Reads, after all that has happened is stored, and what other nodes have stored is here.</summary>
    /// <exception cref="DatabaseException">Interrupted: it took too long.</exception>
    /// <exception cref="ObjectStoreException">What other nodes have stored cannot be read.</exception>
    public Task<TResult> ReadAsync<TState, TResult>(
        TState state, Func<DatabaseConnection, TState, TResult> query, CancellationToken cancellationToken) =>
        InTurnAsync(async () =>
        {
            using var database = LogDatabase.Open(storage.DatabasePath);
            AddWaiting(database);
            if (!_isSynced) await SyncAsync(database, cancellationToken);
            using var deadline = new CancellationTokenSource(ReadDeadline, clock);
            await using var stop = deadline.Token.Register(database.Connection.Interrupt);
            return query(database.Connection, state);
        }, cancellationToken);

    /// <summary>Removes what is older than the tenant wants, here and in object storage.</summary>
    /// <exception cref="ObjectStoreException">Object storage failed; nothing is lost by trying again.</exception>
    public async Task CleanAsync(int daysMax, CancellationToken cancellationToken)
    {
        var before = clock.GetUtcNow() - TimeSpan.FromDays(daysMax);
        await InTurnAsync(() =>
        {
            if (!File.Exists(storage.DatabasePath)) return Task.FromResult(false);
            using var database = LogDatabase.Open(storage.DatabasePath);
            database.Remove(StoredDate.Format(before));
            return Task.FromResult(true);
        }, cancellationToken);
        await _archive.RemoveAsync(before, cancellationToken);
    }

    /// <summary>Removes all logs, also those that another node still has on its disk.</summary>
    /// <exception cref="ObjectStoreException">Object storage failed; nothing is lost by trying again.</exception>
    public Task TruncateAsync(CancellationToken cancellationToken) => InTurnAsync(async () =>
    {
        var now = clock.GetUtcNow();
        _buffer.Take(out var _);
        using var database = LogDatabase.Open(storage.DatabasePath);
        var cut = await _archive.StoreCutAsync(now, cancellationToken);
        database.RemoveAll();
        database.MarkKnown(cut);
        await _archive.RemoveAsync(now, cancellationToken);
        return true;
    }, cancellationToken);

    /// <summary>Stores everything, so that the next node has it.</summary>
    public async Task StoreAllAsync()
    {
        if (_buffer.Count == 0 && !File.Exists(storage.DatabasePath)) return;
        using var deadline = new CancellationTokenSource(CloseDeadline, clock);
        await GuardAsync(async () =>
        {
            using var database = LogDatabase.Open(storage.DatabasePath);
            AddWaiting(database);
            await ShipAsync(database, deadline.Token);
        }, CancellationToken.None);
    }

    public void Dispose() => _turn.Dispose();

    private void AddWaiting(LogDatabase database)
    {
        Volatile.Write(ref _flushed, clock.GetTimestamp());
        var rows = _buffer.Take(out var missed);
        if (rows.Count == 0) return;
        if (missed > 0)
        {
            storage.Dropped?.Invoke(missed);
            rows.Add(LogRow.From(Missed(missed)));
        }

        database.Connection.Execute("BEGIN IMMEDIATE");
        database.Add(rows);
        database.Connection.Execute("COMMIT");
    }

    private LogEntry Missed(int count) => new()
    {
        Time = clock.GetUtcNow(),
        Level = LogSeverity.Warning,
        Message = string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{count} more requests were not logged: too many at once."),
    };

    private async Task ShipAsync(LogDatabase database, CancellationToken cancellationToken)
    {
        while (true)
        {
            var rows = database.Unshipped(SegmentRowsMax, out var position);
            if (rows.Count == 0) break;
            var name = await _archive.StoreAsync(rows, _daysKept, clock.GetUtcNow(), cancellationToken);
            database.MarkShipped(position, name);
            if (rows.Count < SegmentRowsMax) break;
        }

        database.RemoveSurplus();
        _shipped = clock.GetTimestamp();
    }

    private async Task SyncAsync(LogDatabase database, CancellationToken cancellationToken)
    {
        // What only this node has must not be mistaken for what came from others.
        await ShipAsync(database, cancellationToken);
        foreach (var name in await _archive.ListAsync(DateTimeOffset.UnixEpoch, cancellationToken))
        {
            if (database.IsKnown(name)) continue;
            if (LogArchive.CutOf(name) is { } cut)
            {
                database.Remove(StoredDate.Format(cut));
                database.MarkKnown(name);
                continue;
            }

            var rows = await _archive.ReadAsync(name, cancellationToken);
            database.Connection.Execute("BEGIN IMMEDIATE");
            database.Add(rows);
            database.MarkKnown(name);
            database.MarkAllShipped();
            database.Connection.Execute("COMMIT");
        }

        _isSynced = true;
    }

    private async Task GuardAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await InTurnAsync(async () =>
            {
                await work();
                return true;
            }, cancellationToken);
        }
        catch (Exception fault) when (fault is DatabaseException or ObjectStoreException or IOException
            or OperationCanceledException)
        {
            LogNotKept(storage.Logger, fault, storage.Tenant);
        }
    }

    private async Task<TResult> InTurnAsync<TResult>(Func<Task<TResult>> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await NodeTurns.WaitAsync(cancellationToken);
            try
            {
                return await work();
            }
            finally
            {
                NodeTurns.Release();
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    [LoggerMessage(2601, LogLevel.Warning, "Logs of tenant {TenantId} could not be stored; requests are not affected")]
    private static partial void LogNotKept(ILogger logger, Exception failure, TenantId tenantId);
}
