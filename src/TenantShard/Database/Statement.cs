using SQLitePCL;

namespace Platform.TenantShard.Database;

/// <summary>
/// A prepared statement on loan from its connection's cache. Parameters count from 1, columns from 0, as in SQLite.
/// Dispose returns it, reset and with no parameters bound. Spans of column values are valid until the next
/// <see cref="Step"/> or dispose.
/// </summary>
internal sealed class Statement : IDisposable
{
    private readonly DatabaseConnection _connection;
    private readonly sqlite3_stmt _handle;

    internal Statement(DatabaseConnection connection, string sql, sqlite3_stmt handle, bool isCached)
    {
        _connection = connection;
        Sql = sql;
        _handle = handle;
        IsCached = isCached;
    }

    internal string Sql { get; }

    /// <summary>Where it was prepared.</summary>
    public DatabaseConnection Connection => _connection;

    internal bool IsCached { get; set; }

    internal bool IsOnLoan { get; set; }

    /// <summary>When it was last lent, in the connection's own count; the cache drops the smallest.</summary>
    internal long LastLoan { get; set; }

    /// <summary>True for a statement that changes nothing in the database file.</summary>
    public bool IsReadOnly => raw.sqlite3_stmt_readonly(_handle) != 0;

    public int ColumnCount => raw.sqlite3_column_count(_handle);

    public void BindText(int parameter, ReadOnlySpan<byte> utf8)
    {
        // An empty span has a null pointer, which SQLite would bind as NULL.
        Check(utf8.IsEmpty
            ? raw.sqlite3_bind_text(_handle, parameter, string.Empty)
            : raw.sqlite3_bind_text(_handle, parameter, utf8));
    }

    public void BindText(int parameter, string text) => Check(raw.sqlite3_bind_text(_handle, parameter, text));

    public void BindInt64(int parameter, long value) => Check(raw.sqlite3_bind_int64(_handle, parameter, value));

    public void BindDouble(int parameter, double value) => Check(raw.sqlite3_bind_double(_handle, parameter, value));

    public void BindNull(int parameter) => Check(raw.sqlite3_bind_null(_handle, parameter));

    /// <summary>Binds a parameter value; see <see cref="SqlValue"/>.</summary>
    public void Bind(int parameter, in SqlValue value)
    {
        switch (value.Type)
        {
            case ColumnType.Integer: BindInt64(parameter, value.Integer); break;
            case ColumnType.Real: BindDouble(parameter, value.Real); break;
            case ColumnType.Text: BindText(parameter, value.Text); break;
            default: BindNull(parameter); break;
        }
    }

    /// <summary>Advances to the next row; false at the end.</summary>
    /// <exception cref="DatabaseException">The statement failed or was interrupted.</exception>
    public bool Step()
    {
        var code = raw.sqlite3_step(_handle);
        if (code == raw.SQLITE_ROW) return true;
        if (code == raw.SQLITE_DONE) return false;
        throw _connection.Failure();
    }

    /// <summary>Runs to the end, ignoring rows, and resets so that it can run again with other parameters.</summary>
    public void Run()
    {
        while (Step()) { }
        Reset();
    }

    public void Reset() => raw.sqlite3_reset(_handle);

    public ColumnType Type(int column) => (ColumnType)raw.sqlite3_column_type(_handle, column);

    public bool IsNull(int column) => Type(column) == ColumnType.Null;

    public long Int64(int column) => raw.sqlite3_column_int64(_handle, column);

    public double Double(int column) => raw.sqlite3_column_double(_handle, column);

    /// <summary>The value as UTF-8 (of text) or bytes (of a blob). Numbers must be asked for as numbers.</summary>
    public ReadOnlySpan<byte> Utf8(int column) => raw.sqlite3_column_blob(_handle, column);

    public string Text(int column) => raw.sqlite3_column_text(_handle, column).utf8_to_string() ?? "";

    /// <summary>The table that a result column comes from, through views and subqueries; empty for an expression.</summary>
    public string OriginTable(int column) => raw.sqlite3_column_table_name(_handle, column).utf8_to_string() ?? "";

    /// <summary>The column of <see cref="OriginTable"/> that a result column shows; empty for an expression.</summary>
    public string OriginColumn(int column) => raw.sqlite3_column_origin_name(_handle, column).utf8_to_string() ?? "";

    /// <summary>The type that the table declares for a result column; empty for an expression.</summary>
    public string DeclaredType(int column) => raw.sqlite3_column_decltype(_handle, column).utf8_to_string() ?? "";

    public string ColumnName(int column) => raw.sqlite3_column_name(_handle, column).utf8_to_string();

    public void Dispose()
    {
        if (!IsOnLoan) return;
        IsOnLoan = false;
        if (!IsCached)
        {
            Close();
            return;
        }

        raw.sqlite3_reset(_handle);
        raw.sqlite3_clear_bindings(_handle);
    }

    internal void Close() => _handle.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK) throw _connection.Failure();
    }
}
