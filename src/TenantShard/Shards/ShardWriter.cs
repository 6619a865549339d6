using Platform.TenantShard.Database;
using Platform.TenantShard.Files;

namespace Platform.TenantShard.Shards;

/// <summary>
/// A shard's one writer connection: closed while the shard rests, opened again for the next write. Used by the drain, and
/// by the close after the drain has ended.
/// </summary>
internal sealed class ShardWriter(
    string path, ConnectionOptions options, AwakeShards awake, DatabaseConnection opened) : IDisposable
{
    private DatabaseConnection? _connection = opened;

    public bool IsOpen => Volatile.Read(ref _connection) is not null;

    /// <exception cref="DatabaseException">The file cannot be opened.</exception>
    public DatabaseConnection Open()
    {
        if (_connection is { } connection) return connection;
        awake.Opened();
        _connection = DatabaseConnection.Open(path, options);
        FileLedger.ApplyLimit(_connection);
        return _connection;
    }

    public void Dispose()
    {
        _connection?.Dispose();
        _connection = null;
    }
}
