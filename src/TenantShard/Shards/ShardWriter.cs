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
    private const long DiskBytesMin = 1 << 20;

    private DatabaseConnection? _connection = opened;

    public bool IsOpen => Volatile.Read(ref _connection) is not null;

    /// <summary>
    /// After SQLITE_FULL: whether the node has no room, not the tenant, whose limit fails with the same code. What SQLite
    /// writes at once is far less than what counts as room here.
    /// </summary>
    public bool IsDiskFull => options.DatabaseBytesMax == 0 || new DriveInfo(path).AvailableFreeSpace < DiskBytesMin;

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
