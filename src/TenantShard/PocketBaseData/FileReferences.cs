using Platform.TenantShard.Collections;
using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Collections.Tables;
using Platform.TenantShard.Database;
using Platform.TenantShard.Files;

namespace Platform.TenantShard.PocketBaseData;

/// <summary>
/// Which files the records of a database name, in a scratch database beside it: there may be millions. Used by one
/// thread at a time.
/// </summary>
internal sealed class FileReferences : IDisposable
{
    private const int MissingShown = 5;

    private readonly DatabaseConnection _connection;

    private FileReferences(DatabaseConnection connection) => _connection = connection;

    /// <param name="scratchPath">A file that does not exist yet.</param>
    /// <param name="databasePath">The database of the records.</param>
    public static FileReferences Collect(string scratchPath, string databasePath)
    {
        var connection = DatabaseConnection.Open(scratchPath, new ConnectionOptions(IsReadOnly: false));
        try
        {
            connection.Execute("""
                CREATE TABLE refs (
                    collection TEXT NOT NULL, record TEXT NOT NULL, name TEXT NOT NULL, bytes INTEGER,
                    PRIMARY KEY (collection, record, name)
                ) WITHOUT ROWID
                """);
            using (var attach = connection.PrepareOnce("ATTACH ?1 AS data"))
            {
                attach.BindText(1, databasePath);
                attach.Run();
            }

            SchemaSnapshot schema;
            using (var data = DatabaseConnection.Open(databasePath, new ConnectionOptions(IsReadOnly: true)))
                schema = SchemaLoader.Load(data);
            connection.Execute("BEGIN");
            foreach (var collection in schema.Collections)
            {
                if (collection.Type == CollectionType.View) continue;
                foreach (var field in collection.Fields.OfType<FileField>()) Collect(connection, collection, field);
            }

            connection.Execute("COMMIT");
            connection.ForgetStatements();
            connection.Execute("DETACH data");
            return new FileReferences(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Notes that the file is there; false when no record names it.</summary>
    public bool TryTake(in FileReference file, long bytes)
    {
        using var update = _connection.Prepare(
            "UPDATE refs SET bytes = ?4 WHERE collection = ?1 AND record = ?2 AND name = ?3");
        update.BindText(1, file.CollectionId);
        update.BindText(2, file.RecordId);
        update.BindText(3, file.Name);
        update.BindInt64(4, bytes);
        update.Run();
        return _connection.Changes > 0;
    }

    /// <summary>The files that are there: how many, and their bytes.</summary>
    public (long Files, long Bytes) Totals()
    {
        using var totals = _connection.Prepare("SELECT count(bytes), coalesce(sum(bytes), 0) FROM refs");
        totals.Step();
        return (totals.Int64(0), totals.Int64(1));
    }

    /// <summary>How many named files are not there, with the first few of them.</summary>
    public (long Count, IReadOnlyList<string> First) Missing()
    {
        using var count = _connection.Prepare("SELECT count(*) FROM refs WHERE bytes IS NULL");
        count.Step();
        var first = new List<string>();
        using var names = _connection.Prepare(
            "SELECT collection || '/' || record || '/' || name FROM refs WHERE bytes IS NULL LIMIT ?1");
        names.BindInt64(1, MissingShown + 1);
        while (names.Step()) first.Add(names.Text(0));
        return (count.Int64(0), first);
    }

    public void Dispose() => _connection.Dispose();

    private static void Collect(DatabaseConnection connection, Collection collection, FileField field)
    {
        var column = SqlName.Quote(field.Name);
        var table = $"data.{SqlName.Quote(collection.Name)}";
        using var insert = connection.PrepareOnce(field.IsMultiple
            ? $"""
                INSERT OR IGNORE INTO refs (collection, record, name)
                SELECT ?1, row.id, item.value FROM {table} AS row, json_each(row.{column}) AS item
                WHERE typeof(item.value) = 'text' AND item.value <> ''
                """
            : $"""
                INSERT OR IGNORE INTO refs (collection, record, name)
                SELECT ?1, id, {column} FROM {table} WHERE {column} <> ''
                """);
        insert.BindText(1, collection.Id);
        insert.Run();
    }
}
