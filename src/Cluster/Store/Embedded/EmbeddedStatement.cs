using SQLitePCL;

namespace Platform.Cluster.Store.Embedded;

/// <summary>
/// A prepared statement of the embedded store. Parameters count from 1, columns from 0, as in SQLite.
/// </summary>
internal sealed class EmbeddedStatement(sqlite3 database, string sql) : IDisposable
{
    private readonly sqlite3_stmt _handle = Prepare(database, sql);

    public EmbeddedStatement Bind(int parameter, long value)
    {
        Check(raw.sqlite3_bind_int64(_handle, parameter, value));
        return this;
    }

    public EmbeddedStatement Bind(int parameter, string value)
    {
        Check(raw.sqlite3_bind_text(_handle, parameter, value));
        return this;
    }

    public EmbeddedStatement Bind(int parameter, ReadOnlySpan<byte> value)
    {
        // An empty span has a null pointer, which SQLite would bind as NULL.
        Check(value.IsEmpty
            ? raw.sqlite3_bind_zeroblob(_handle, parameter, 0)
            : raw.sqlite3_bind_blob(_handle, parameter, value));
        return this;
    }

    public EmbeddedStatement BindNull(int parameter)
    {
        Check(raw.sqlite3_bind_null(_handle, parameter));
        return this;
    }

    /// <summary>Runs to the end and resets.</summary>
    public void Run()
    {
        while (Step()) { }
    }

    /// <summary>Advances to the next row; at the end resets and answers false.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(_handle);
        if (code == raw.SQLITE_ROW) return true;
        raw.sqlite3_reset(_handle);
        if (code != raw.SQLITE_DONE) throw EmbeddedDatabase.Failure(database);
        return false;
    }

    /// <summary>Gives up the remaining rows.</summary>
    public void Reset() => raw.sqlite3_reset(_handle);

    public long Int64(int column) => raw.sqlite3_column_int64(_handle, column);

    public string Text(int column) => raw.sqlite3_column_text(_handle, column).utf8_to_string() ?? "";

    public byte[] Blob(int column) => raw.sqlite3_column_blob(_handle, column).ToArray();

    public bool IsNull(int column) => raw.sqlite3_column_type(_handle, column) == raw.SQLITE_NULL;

    public void Dispose() => _handle.Dispose();

    private static sqlite3_stmt Prepare(sqlite3 database, string sql) =>
        raw.sqlite3_prepare_v2(database, sql, out var handle) == raw.SQLITE_OK
            ? handle
            : throw EmbeddedDatabase.Failure(database);

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK) throw EmbeddedDatabase.Failure(database);
    }
}
