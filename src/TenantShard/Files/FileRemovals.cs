using Platform.TenantShard.Collections.Validation;
using Platform.TenantShard.Database;

namespace Platform.TenantShard.Files;

/// <summary>
/// The table of removals that are not carried out yet. It is written in the transaction that removes the names, so that
/// no crash parts the two, and costs no request of its own. It is made with the first removal; no collection can have
/// its name, which has a hyphen.
/// </summary>
internal static class FileRemovals
{
    public const string TableName = "_removed-files";

    private const string Create = $"""
        CREATE TABLE IF NOT EXISTS "{TableName}" (
          folder TEXT NOT NULL, name TEXT NOT NULL, removed INTEGER NOT NULL,
          PRIMARY KEY (folder, name, removed)) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS "{TableName}-by-time" ON "{TableName}" (removed);
        """;

    public static void Add(DatabaseConnection connection, FileRemoval removal) => connection.RunWithReserve(() =>
    {
        connection.Execute(Create);
        using var insert = connection.Prepare($"INSERT OR IGNORE INTO \"{TableName}\" VALUES (?1, ?2, ?3)");
        insert.BindText(1, removal.Folder);
        insert.BindText(2, removal.Name);
        insert.BindInt64(3, removal.Removed.ToUnixTimeMilliseconds());
        insert.Run();
    });

    /// <summary>Takes the table out of a copy that leaves the platform.</summary>
    public static void Forget(DatabaseConnection connection) => connection.Execute($"DROP TABLE IF EXISTS \"{TableName}\"");

    /// <summary>True when some removal waits for the file, or for a folder that it is in.</summary>
    public static bool Knows(DatabaseConnection connection, FileReference file)
    {
        if (!DatabaseNames.HasTable(connection, TableName)) return false;
        using var query = connection.Prepare(
            $"SELECT 1 FROM \"{TableName}\" WHERE (folder = ?1 AND name IN ('', ?2)) OR (folder = ?3 AND name = '')");
        query.BindText(1, FileKeys.FolderOf(file.CollectionId, file.RecordId));
        query.BindText(2, file.Name);
        query.BindText(3, FileKeys.FolderOf(file.CollectionId));
        return query.Step();
    }

    /// <summary>True when there is a removal of that moment or before it.</summary>
    public static bool HasDue(DatabaseConnection connection, DateTimeOffset moment)
    {
        if (!DatabaseNames.HasTable(connection, TableName)) return false;
        using var query = connection.Prepare($"SELECT 1 FROM \"{TableName}\" WHERE removed <= ?1 LIMIT 1");
        query.BindInt64(1, moment.ToUnixTimeMilliseconds());
        return query.Step();
    }

    /// <summary>Takes removals of that moment or before it off the table, the oldest first.</summary>
    public static List<FileRemoval> TakeDue(DatabaseConnection connection, DateTimeOffset moment, int countMax)
    {
        var due = new List<FileRemoval>();
        if (!DatabaseNames.HasTable(connection, TableName)) return due;
        using var take = connection.Prepare($"""
            DELETE FROM "{TableName}" WHERE (folder, name, removed) IN (
              SELECT folder, name, removed FROM "{TableName}" WHERE removed <= ?1 ORDER BY removed LIMIT ?2)
            RETURNING folder, name, removed
            """);
        take.BindInt64(1, moment.ToUnixTimeMilliseconds());
        take.BindInt64(2, countMax);
        while (take.Step())
            due.Add(new(take.Text(0), take.Text(1), DateTimeOffset.FromUnixTimeMilliseconds(take.Int64(2))));
        return due;
    }
}
