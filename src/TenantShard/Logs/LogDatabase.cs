using Platform.TenantShard.Database;

namespace Platform.TenantShard.Logs;

/// <summary>
/// A tenant's <c>auxiliary.db</c>, open for one piece of work: between them it costs an open tenant neither memory nor a
/// descriptor. The tables are PocketBase's, and one of the platform's own that says what object storage has.
/// </summary>
internal sealed class LogDatabase : IDisposable
{
    /// <summary>Rows that are kept on a node's disk; older ones go, whatever the settings say.</summary>
    public const long RowsMax = 1_000_000;

    private const string Tables = """
        CREATE TABLE IF NOT EXISTS `_migrations` (file VARCHAR(255) PRIMARY KEY NOT NULL, applied INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS `_logs` (
            `id`      TEXT PRIMARY KEY DEFAULT ('r'||lower(hex(randomblob(7)))) NOT NULL,
            `level`   INTEGER DEFAULT 0 NOT NULL,
            `message` TEXT DEFAULT "" NOT NULL,
            `data`    JSON DEFAULT "{}" NOT NULL,
            `created` TEXT DEFAULT (strftime('%Y-%m-%d %H:%M:%fZ')) NOT NULL,
            `updated` TEXT DEFAULT (strftime('%Y-%m-%d %H:%M:%fZ')) NOT NULL
        );
        CREATE INDEX IF NOT EXISTS idx_logs_level on `_logs` (`level`);
        CREATE INDEX IF NOT EXISTS idx_logs_message on `_logs` (`message`);
        CREATE INDEX IF NOT EXISTS idx_logs_created_hour on `_logs` (strftime('%Y-%m-%d %H:00:00', `created`));
        CREATE TABLE IF NOT EXISTS `_platform_segments` (name TEXT PRIMARY KEY NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS `_platform_shipped` (id INTEGER PRIMARY KEY CHECK (id = 1), position INTEGER NOT NULL);
        """;

    private LogDatabase(DatabaseConnection connection) => Connection = connection;

    public DatabaseConnection Connection { get; }

    public static LogDatabase Open(string path)
    {
        var connection = DatabaseConnection.Open(path, new ConnectionOptions(IsReadOnly: false, PageCacheKiB: 1024));
        try
        {
            connection.Execute(Tables);
            return new LogDatabase(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Adds rows; one that is there already, by its id, is left as it is.</summary>
    public void Add(IEnumerable<LogRow> rows) => Add(Connection, rows);

    /// <summary>The same in a database of PocketBase.</summary>
    public static void Add(DatabaseConnection connection, IEnumerable<LogRow> rows)
    {
        using var insert = connection.Prepare("""
            INSERT OR IGNORE INTO _logs (id, level, message, data, created, updated) VALUES (?1, ?2, ?3, ?4, ?5, ?5)
            """);
        foreach (var row in rows)
        {
            insert.BindText(1, row.Id);
            insert.BindInt64(2, row.Level);
            insert.BindText(3, row.Message);
            insert.BindText(4, row.Data);
            insert.BindText(5, row.Created);
            insert.Run();
        }
    }

    /// <summary>Rows that object storage does not have, oldest first, and the position after them.</summary>
    public List<LogRow> Unshipped(int countMax, out long position)
    {
        position = Math.Min(
            Number("SELECT position FROM _platform_shipped"), Number("SELECT coalesce(max(_rowid_), 0) FROM _logs"));
        var rows = new List<LogRow>();
        using var select = Connection.Prepare("""
            SELECT _rowid_, id, level, message, data, created FROM _logs WHERE _rowid_ > ?1 ORDER BY _rowid_ LIMIT ?2
            """);
        select.BindInt64(1, position);
        select.BindInt64(2, countMax);
        while (select.Step())
        {
            position = select.Int64(0);
            rows.Add(Read(select, 1));
        }

        return rows;
    }

    public void MarkShipped(long position, string segment)
    {
        using var mark = Connection.Prepare(
            "INSERT INTO _platform_shipped VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET position = ?1");
        mark.BindInt64(1, position);
        mark.Run();
        MarkKnown(segment);
    }

    /// <summary>Everything there is now came from object storage or went there.</summary>
    public void MarkAllShipped() => Connection.Execute("""
        INSERT INTO _platform_shipped SELECT 1, coalesce(max(_rowid_), 0) FROM _logs WHERE true
        ON CONFLICT (id) DO UPDATE SET position = excluded.position
        """);

    public bool IsKnown(string segment)
    {
        using var known = Connection.Prepare("SELECT 1 FROM _platform_segments WHERE name = ?1");
        known.BindText(1, segment);
        return known.Step();
    }

    public void MarkKnown(string segment)
    {
        using var mark = Connection.Prepare("INSERT OR IGNORE INTO _platform_segments VALUES (?1)");
        mark.BindText(1, segment);
        mark.Run();
    }

    public void RemoveAll()
    {
        Connection.Execute("DELETE FROM _logs");
        NoteNewest();
    }

    /// <summary>Removes what is older than a moment.</summary>
    public void Remove(string before)
    {
        using var old = Connection.Prepare("DELETE FROM _logs WHERE created < ?1");
        old.BindText(1, before);
        old.Run();
        NoteNewest();
        RemoveSurplus();
    }

    /// <summary>Removes the oldest of too many.</summary>
    public void RemoveSurplus()
    {
        using var surplus = Connection.Prepare(
            "DELETE FROM _logs WHERE _rowid_ <= (SELECT max(_rowid_) FROM _logs) - ?1");
        surplus.BindInt64(1, RowsMax);
        surplus.Run();
    }

    public static LogRow Read(Statement row, int column) => new(
        row.Text(column), (int)row.Int64(column + 1), row.Text(column + 2), row.Utf8(column + 3).ToArray(),
        row.Text(column + 4));

    public void Dispose()
    {
        try
        {
            // Nobody else checkpoints it: without this the WAL would only grow.
            if (Connection.IsAutoCommit) Connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        finally
        {
            Connection.Dispose();
        }
    }

    /// <summary>Rows that come after the newest was removed have its number again, and are not shipped yet.</summary>
    private void NoteNewest() => Connection.Execute("""
        UPDATE _platform_shipped SET position = min(position, (SELECT coalesce(max(_rowid_), 0) FROM _logs))
        """);

    private long Number(string sql)
    {
        using var row = Connection.Prepare(sql);
        return row.Step() ? row.Int64(0) : 0;
    }
}
