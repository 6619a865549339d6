using Platform.TenantShard.Database;

namespace Platform.TenantShard.Files;

/// <summary>
/// What the files of a tenant's records weigh, in the tenant's own database: a row per file, by its key below the
/// storage, and under the empty key their sum. Rows come and go in the transaction that names or forgets the file, so
/// the sum is exact at every transaction, of a restored state too. The table is made with the first file, and is not
/// part of an export. What records gave up and the retention still keeps does not count.
/// </summary>
internal static class FileLedger
{
    public const string Table = "_storedFiles";

    private const int Full = 13; // SQLITE_FULL

    private const string Create = $"""
        CREATE TABLE IF NOT EXISTS {Table} (key TEXT PRIMARY KEY NOT NULL, bytes INTEGER NOT NULL) WITHOUT ROWID;
        INSERT OR IGNORE INTO {Table} (key, bytes) VALUES ('', 0);
        """;

    /// <summary>The bytes of all files; 0 before the first.</summary>
    public static long Total(DatabaseConnection connection)
    {
        if (!Exists(connection)) return 0;
        using var row = connection.Prepare($"SELECT bytes FROM {Table} WHERE key = ''");
        return row.Step() ? row.Int64(0) : 0;
    }

    /// <summary>Adds a file; one that is known already is not counted twice.</summary>
    /// <exception cref="DatabaseException">SQLITE_FULL: files and database would exceed the storage limit.</exception>
    public static void Add(DatabaseConnection connection, string key, long bytes)
    {
        if (connection.BytesMax > 0 && connection.FileBytes() + Total(connection) + bytes > connection.BytesMax)
            throw new DatabaseException(Full, "files and database are as large as they may be");
        Note(connection, key, bytes);
    }

    /// <summary>Adds a file that is there already, whatever the limit.</summary>
    public static void Note(DatabaseConnection connection, string key, long bytes)
    {
        connection.Execute(Create);
        using (var insert = connection.Prepare($"INSERT OR IGNORE INTO {Table} (key, bytes) VALUES (?1, ?2)"))
        {
            insert.BindText(1, key);
            insert.BindInt64(2, bytes);
            insert.Run();
        }

        if (connection.Changes > 0) Grow(connection, bytes);
    }

    /// <summary>Forgets the files below a folder: a key that ends with a slash.</summary>
    public static void ForgetFolder(DatabaseConnection connection, string folder)
    {
        if (!Exists(connection)) return;
        long bytes;
        using (var sum = connection.Prepare($"SELECT coalesce(sum(bytes), 0) FROM {Table} WHERE key >= ?1 AND key < ?2"))
        {
            BindRange(sum, folder);
            sum.Step();
            bytes = sum.Int64(0);
        }

        using (var delete = connection.Prepare($"DELETE FROM {Table} WHERE key >= ?1 AND key < ?2"))
        {
            BindRange(delete, folder);
            delete.Run();
        }

        if (bytes > 0) Grow(connection, -bytes);
    }

    /// <summary>Forgets one file.</summary>
    public static void Forget(DatabaseConnection connection, string key)
    {
        if (!Exists(connection)) return;
        var bytes = 0L;
        using (var row = connection.Prepare($"SELECT bytes FROM {Table} WHERE key = ?1"))
        {
            row.BindText(1, key);
            if (row.Step()) bytes = row.Int64(0);
        }

        using (var delete = connection.Prepare($"DELETE FROM {Table} WHERE key = ?1"))
        {
            delete.BindText(1, key);
            delete.Run();
        }

        if (bytes > 0) Grow(connection, -bytes);
    }

    /// <summary>Takes what files weigh off what the database may grow to.</summary>
    public static void ApplyLimit(DatabaseConnection connection)
    {
        if (connection.BytesMax > 0) connection.LimitSize(connection.BytesMax - Total(connection));
    }

    private static bool Exists(DatabaseConnection connection)
    {
        using var table = connection.Prepare($"SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '{Table}'");
        return table.Step();
    }

    // Everything below "a/b/" lies between it and "a/b0": the zero follows the slash.
    private static void BindRange(Statement statement, string folder)
    {
        statement.BindText(1, folder);
        statement.BindText(2, string.Concat(folder.AsSpan(0, folder.Length - 1), "0"));
    }

    private static void Grow(DatabaseConnection connection, long bytes)
    {
        using (var update = connection.Prepare($"UPDATE {Table} SET bytes = bytes + ?1 WHERE key = ''"))
        {
            update.BindInt64(1, bytes);
            update.Run();
        }

        ApplyLimit(connection);
    }
}
