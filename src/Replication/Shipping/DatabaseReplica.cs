using Microsoft.Extensions.Logging;
using Platform.Replication.Fencing;
using Platform.Replication.Ltx;
using Platform.Replication.Maintenance;
using Platform.Replication.ObjectStore;

namespace Platform.Replication.Shipping;

/// <summary>
/// One database and its replica. The caller is the database's only writer (WAL mode, <c>wal_autocheckpoint=0</c>),
/// ships after its commits, and checkpoints only between <see cref="TryBeginCheckpoint"/> and
/// <see cref="EndCheckpoint"/>. Calls of <see cref="ShipAsync"/> follow each other; the writer may go on committing
/// meanwhile, and a snapshot may be written beside.
/// </summary>
public sealed partial class DatabaseReplica : IAsyncDisposable
{
    private readonly ILogger _logger;
    private readonly DatabaseFile _file;
    private readonly PositionStore _positions;
    private readonly WalTail _tail;
    private readonly PendingUpload _upload;
    private readonly CheckpointGate _gate = new();

    // Replaced whole: by ShipAsync, and by EndCheckpoint while the gate keeps ShipAsync out. Read from anywhere.
    private volatile ShippedState _state;
    private volatile PendingFile? _pending;
    private volatile FencedException? _fenced;
    private bool _isClosed;

    internal DatabaseReplica(
        DatabaseReplicaOptions options, DatabaseFile file, PositionStore positions, ReplicaInventory inventory,
        Opening opening, ShippedState state)
    {
        (Options, _logger, _file, _positions) = (options, options.Logger, file, positions);
        (Inventory, Opening, _state) = (inventory, opening, state);
        (_tail, _upload) = (new WalTail(file, options), new PendingUpload(options));
    }

    /// <summary>How the database came to be open.</summary>
    public Opening Opening { get; }

    /// <summary>What it was opened with.</summary>
    internal DatabaseReplicaOptions Options { get; }

    /// <summary>The replica's files.</summary>
    internal ReplicaInventory Inventory { get; }

    /// <summary>False once nothing more may be written to the replica from here.</summary>
    internal bool IsOwner => _fenced is null && !_isClosed;

    /// <summary>The last transaction that is stored in the replica.</summary>
    public Txid Position => _state.Txid;

    /// <summary>The bytes of the WAL that are in use and shipped: what a checkpoint would free.</summary>
    public long WalBytes => _state is { IsInFile: false } state ? state.Wal.Offset : 0;

    /// <summary>The bytes of the WAL that are not stored in the replica, at most: the backlog.</summary>
    public long UnshippedBytes => UnshippedWal.Bytes(_file, _state);

    /// <summary>The size of the database as of <see cref="Position"/>, in bytes.</summary>
    public long DatabaseBytes => _state.DatabaseBytes;

    /// <summary>True while files are kept open for the next ship; see <see cref="TryRest"/>.</summary>
    public bool HoldsFiles => _tail.IsOpen || _file.IsOpen;

    /// <summary>After a clean close, what the same process can open the database with again; else null.</summary>
    public ReplicaMemory? Memory { get; private set; }

    /// <summary>Opens the local database, from the local file when it can be proved right, else from the replica.</summary>
    /// <exception cref="ObjectStoreException">Object storage failed. Nothing was changed.</exception>
    /// <exception cref="Restoring.RestoreException">The replica cannot be restored; local files are untouched.</exception>
    public static Task<DatabaseReplica> OpenAsync(
        DatabaseReplicaOptions options, CancellationToken cancellationToken) =>
        new ReplicaOpening(options, new DatabaseFile(options.DatabasePath)).OpenAsync(cancellationToken);

    /// <summary>
    /// Stores everything that is committed now, one level-0 file a call in the normal case, and returns the position.
    /// To be called after COMMIT; without new commits it asks nothing of the store. What is committed meanwhile may
    /// be left for the next call: a busy writer would keep this one going with one small file for each commit.
    /// </summary>
    /// <exception cref="FencedException">Another owner wrote the next transaction. Permanent.</exception>
    /// <exception cref="ObjectStoreException">Not stored, as far as is known; call again, and the same file is offered
    /// again before anything newer.</exception>
    public async ValueTask<Txid> ShipAsync(CancellationToken cancellationToken)
    {
        ThrowUnlessOpen();
        if (!_gate.TryEnterRead())
        {
            // A checkpoint runs, so everything is shipped, and its connection commits nothing meanwhile.
            return Position;
        }

        try
        {
            var walBytes = _file.WalFileBytes;
            do
            {
                if (_pending is null)
                {
                    if (!_tail.TryBuildNext(_state, out var next))
                    {
                        break;
                    }

                    _pending = next;
                }

                await StorePendingAsync(_pending, cancellationToken);
            }
            while (_state.Wal.Offset < walBytes);

            return Position;
        }
        finally
        {
            _tail.ReturnWindow();
            _gate.ExitRead();
        }
    }

    /// <summary>
    /// True when everything committed is shipped and nobody reads the WAL. Then the caller, whose writer is between
    /// transactions, checkpoints (mode TRUNCATE or RESTART) and calls <see cref="EndCheckpoint"/>, whatever happened.
    /// </summary>
    public bool TryBeginCheckpoint()
    {
        ThrowUnlessOpen();
        if (_pending is not null || !_gate.TryBeginCheckpoint())
        {
            return false;
        }

        if (_state.Txid != Txid.None && _pending is null && !UnshippedWal.Exists(_file, _state))
        {
            return true;
        }

        _gate.EndCheckpoint();
        return false;
    }

    /// <summary>Ends what <see cref="TryBeginCheckpoint"/> allowed.</summary>
    /// <param name="completed">True when the checkpoint moved the whole WAL into the database and nobody was in the
    /// way: its result row said busy 0.</param>
    public void EndCheckpoint(bool completed)
    {
        // Even one that did not complete may have moved everything, and then SQLite restarts the WAL by itself.
        var state = _state;
        _state = state with { MayRestart = true, IsInFile = completed || state.IsInFile };
        if (completed)
        {
            _positions.WriteOpen(_file, _state);
        }
        else
        {
            _positions.Touch(_file);
        }

        _gate.EndCheckpoint();
    }

    /// <summary>
    /// Closes the files that are kept open, until the next call needs them; what is found then is verified as after any
    /// other pause. The caller has closed all its connections and opens none meanwhile, because closing the database
    /// file would drop their locks. False when somebody reads, or not all is shipped.
    /// </summary>
    public bool TryRest()
    {
        ThrowUnlessOpen();
        if (!_gate.TryBeginCheckpoint())
        {
            return false;
        }

        try
        {
            var isShipped = _pending is null && !UnshippedWal.Exists(_file, _state);
            if (isShipped)
            {
                _tail.Close();
                _file.Dispose();
            }

            return isShipped;
        }
        finally
        {
            _gate.EndCheckpoint();
        }
    }

    /// <summary>
    /// Writes the whole database as of the last shipped transaction to the snapshot level. False when there is
    /// nothing to write, a checkpoint runs, or the WAL was restarted meanwhile; try again later.
    /// </summary>
    public Task<bool> SnapshotAsync(CancellationToken cancellationToken) =>
        SnapshotAsync(replacesDamaged: false, cancellationToken);

    /// <summary>As above; and a snapshot of this very transaction that is known to be damaged is replaced.</summary>
    internal Task<bool> SnapshotAsync(bool replacesDamaged, CancellationToken cancellationToken) =>
        ReadShippedAsync((state, file) => new SnapshotWriter(Options, file, Inventory).WriteAsync(
            state, replacesDamaged, cancellationToken));

    /// <summary>
    /// Reads the database as of the last shipped transaction, while no checkpoint runs; the default when one does.
    /// </summary>
    internal async Task<TResult?> ReadShippedAsync<TResult>(Func<ShippedState, DatabaseFile, Task<TResult>> read)
    {
        ThrowUnlessOpen();
        if (!_gate.TryEnterRead())
        {
            return default;
        }

        try
        {
            return await read(_state, _file);
        }
        finally
        {
            _gate.ExitRead();
        }
    }

    /// <summary>
    /// Ends the work, after the caller has closed its connections. Clean means that it has shipped and checkpointed
    /// everything before: then the position is recorded, and the next opening need not download anything.
    /// </summary>
    public async Task CloseAsync(bool clean, CancellationToken cancellationToken)
    {
        if (_isClosed)
        {
            return;
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (clean && IsClean())
        {
            var state = _state;
            await Task.Run(() => _positions.WriteClean(_file, state), CancellationToken.None);
            Memory = new ReplicaMemory(Options, state, _file.Stamp(), Inventory);
        }
        else if (clean && _fenced is null && _state.Txid == Txid.None && UnshippedBytes == 0)
        {
            Memory = new ReplicaMemory(Options, _state, stamp: null, Inventory);
        }

        await DisposeAsync();
    }

    /// <summary>Closes as after a crash: the next opening finds out what the local file is worth.</summary>
    public async ValueTask DisposeAsync()
    {
        _isClosed = true;
        await _upload.DisposeAsync();
        _tail.Close();
        _file.Dispose();
        // One in memory may still be read by an upload that was given up; one on the disk has none any more.
        (_pending is { Path: not null } ? _pending : null)?.Dispose();
    }

    private async Task StorePendingAsync(PendingFile pending, CancellationToken cancellationToken)
    {
        if (_state.Txid == Txid.None)
        {
            // From here on the local file has something to prove: that it is the one the first image came from.
            _positions.WriteOpen(_file, _state);
        }

        if (!await _upload.StoreAsync(pending, cancellationToken))
        {
            _fenced = new FencedException(pending.Key);
            LogFenced(Options.ReplicaPath, pending.Key);
            throw _fenced;
        }

        _state = pending.Next;
        Inventory.Stored(level: 0, _state.Txid, _state.Txid, pending.Bytes, _state.TimestampMilliseconds);
        _pending = null;
        pending.Dispose();
    }

    private bool IsClean() =>
        _fenced is null && _pending is null && _state.Txid != Txid.None
        && _file.WalFileBytes == 0 && _file.Stamp()?.Bytes == _state.DatabaseBytes;

    private void ThrowUnlessOpen()
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        if (_fenced is { } fenced)
        {
            throw new FencedException(fenced.Key);
        }
    }

    [LoggerMessage(1000, LogLevel.Error,
        "Replica {ReplicaPath} is fenced: {Key} was written by another owner. Nothing more is acknowledged here")]
    private partial void LogFenced(string replicaPath, string key);
}
