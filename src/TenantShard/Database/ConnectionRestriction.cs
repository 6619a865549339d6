using SQLitePCL;

namespace Platform.TenantShard.Database;

/// <summary>A connection under an authorizer (https://sqlite.org/c3ref/set_authorizer.html), until this is disposed.</summary>
internal sealed class ConnectionRestriction : IDisposable
{
    /// <summary>SQLITE_LIMIT_LENGTH (https://sqlite.org/c3ref/c_limit_attached.html).</summary>
    private const int LengthLimit = 0;

    private readonly sqlite3 _connection;
    private readonly int _lengthBefore;

    public ConnectionRestriction(sqlite3 connection, strdelegate_authorizer decide, int valueBytesMax)
    {
        _connection = connection;
        _lengthBefore = raw.sqlite3_limit(connection, LengthLimit, valueBytesMax);
        raw.sqlite3_set_authorizer(connection, decide, null);
    }

    public void Dispose()
    {
        raw.sqlite3_set_authorizer(_connection, (strdelegate_authorizer?)null, null);
        raw.sqlite3_limit(_connection, LengthLimit, _lengthBefore);
    }
}
