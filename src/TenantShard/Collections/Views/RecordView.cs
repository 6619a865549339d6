using Platform.TenantShard.Collections.Json;
using Platform.TenantShard.Collections.Tables;
using Platform.TenantShard.Database;

namespace Platform.TenantShard.Collections.Views;

/// <summary>
/// The SQL view of a view collection: <c>CREATE VIEW name AS SELECT * FROM (query)</c>. When the query's id is no id of
/// a table it is cast to text, because ids are text everywhere in the API, and row numbers and sums would be numbers:
/// <c>SELECT * FROM (SELECT CAST(`id` AS TEXT) `id`,`other` FROM (query))</c>.
/// </summary>
internal static class RecordView
{
    private const string Head = " AS SELECT * FROM (";
    private const string CastHead = "SELECT CAST(`id` AS TEXT) `id`";
    private const string CastTail = " FROM (";

    /// <summary>Creates the view; its query has been checked.</summary>
    public static void Create(DatabaseConnection connection, Collection collection)
    {
        // The line feed ends a comment that the query may end with.
        var query = ViewQuery.Trim(ViewOptions.Query(collection.Options)) + "\n";
        if (!HasTextId(connection, query))
        {
            var columns = string.Concat(collection.Fields
                .Where(field => field.Name != DefaultFields.IdName)
                .Select(field => $",{SqlName.Quote(field.Name)}"));
            query = $"{CastHead}{columns}{CastTail}{query})";
        }

        connection.Execute($"CREATE VIEW {SqlName.Quote(collection.Name)}{Head}{query})");
    }

    public static void Replace(DatabaseConnection connection, Collection original, Collection collection)
    {
        ViewDefinitions.Drop(connection, original.Name);
        Create(connection, collection);
    }

    /// <summary>The query inside a view's SQL, or null when the SQL is of another form.</summary>
    public static string? QueryOf(string sql)
    {
        var head = sql.IndexOf(Head, StringComparison.OrdinalIgnoreCase);
        if (head < 0 || !sql.EndsWith(')')) return null;
        var query = sql[(head + Head.Length)..^1];
        if (!query.StartsWith(CastHead, StringComparison.OrdinalIgnoreCase)) return query.Trim();
        var tail = query.IndexOf(CastTail, StringComparison.OrdinalIgnoreCase);
        return tail < 0 || !query.EndsWith(')') ? null : query[(tail + CastTail.Length)..^1].Trim();
    }

    private static bool HasTextId(DatabaseConnection connection, string query)
    {
        using var statement = connection.Prepare($"SELECT * FROM ({query}) LIMIT 0");
        statement.Step();
        for (var column = 0; column < statement.ColumnCount; column++)
            if (statement.ColumnName(column) == DefaultFields.IdName)
                return statement.OriginColumn(column) == DefaultFields.IdName;
        return false;
    }
}
