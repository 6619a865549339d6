using System.Collections.Concurrent;
using Platform.TenantShard.Database;

namespace Platform.TenantShard.Shards;

/// <summary>
/// A shard's reader connections, opened when needed and kept for the next read. There are never more than the node's
/// SQLite slots, because a connection is taken only by the holder of a slot. The most recently used one is taken
/// first, so that its page cache is warm and the others can be closed when the shard is idle.
/// </summary>
internal sealed class ReaderPool(string path, ConnectionOptions options) : IDisposable
{
    private readonly ConcurrentStack<DatabaseConnection> _idle = new();
    private volatile bool _isClosed;

    public DatabaseConnection Take() =>
        _idle.TryPop(out var connection) ? connection : DatabaseConnection.Open(path, options);

    public void Return(DatabaseConnection connection)
    {
        _idle.Push(connection);
        if (_isClosed) CloseIdle();
    }

    /// <summary>Closes the connections that nobody uses; the memory of an idle tenant is its writer's alone.</summary>
    public void CloseIdle()
    {
        while (_idle.TryPop(out var connection)) connection.Dispose();
    }

    public void Dispose()
    {
        _isClosed = true;
        CloseIdle();
    }
}
