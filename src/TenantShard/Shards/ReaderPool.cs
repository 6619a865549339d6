using Platform.TenantShard.Database;

namespace Platform.TenantShard.Shards;

/// <summary>
/// A shard's reader connections, opened when needed and kept for the next read. There are never more than the node's
/// SQLite slots, because a connection is taken only by the holder of a slot. The most recently used one is taken
/// first, so that its page cache is warm.
/// </summary>
internal sealed class ReaderPool(string path, ConnectionOptions options, AwakeShards awake) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Stack<DatabaseConnection> _idle = new();
    private int _open;
    private bool _isClosed;

    /// <summary>True while there is a connection.</summary>
    public bool IsOpen => Volatile.Read(ref _open) > 0;

    public DatabaseConnection Take()
    {
        lock (_gate)
        {
            if (_idle.TryPop(out var connection)) return connection;
            if (_open == 0) awake.Opened();
            // Counted first: nothing may take the files for closed while they are being opened.
            _open++;
        }

        try
        {
            return DatabaseConnection.Open(path, options);
        }
        catch
        {
            lock (_gate) _open--;
            throw;
        }
    }

    public void Return(DatabaseConnection connection)
    {
        lock (_gate)
        {
            _idle.Push(connection);
            if (_isClosed) CloseIdle();
        }
    }

    /// <summary>
    /// Closes all connections and does <paramref name="whenClosed"/> before any other is opened; false when one is in
    /// use.
    /// </summary>
    public bool TryCloseAll(Action whenClosed)
    {
        lock (_gate)
        {
            if (_open > _idle.Count) return false;
            CloseIdle();
            whenClosed();
            return true;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            CloseIdle();
        }
    }

    private void CloseIdle()
    {
        while (_idle.TryPop(out var connection))
        {
            connection.Dispose();
            _open--;
        }
    }
}
