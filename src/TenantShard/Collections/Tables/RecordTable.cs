using System.Globalization;
using System.Text;
using Platform.TenantShard.Collections.Indexes;
using Platform.TenantShard.Database;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Collections.Tables;

/// <summary>The table of a base or auth collection: columns in field order, and the collection's indexes.</summary>
internal static class RecordTable
{
    /// <exception cref="ApiException">400 naming the indexes that SQLite refuses.</exception>
    public static void Create(DatabaseConnection connection, Collection collection, string failure)
    {
        var sql = new StringBuilder("CREATE TABLE ").Append(SqlName.Quote(collection.Name)).Append(" (");
        var separator = "";
        foreach (var field in collection.Fields)
        {
            sql.Append(separator).Append(SqlName.Quote(field.Name)).Append(' ').Append(field.ColumnDefinition);
            separator = ", ";
        }

        connection.Execute(sql.Append(')').ToString());
        CreateIndexes(connection, collection, failure);
    }

    /// <summary>Creates the collection's indexes on its table, whatever table their text names.</summary>
    /// <exception cref="ApiException">400 naming the indexes that SQLite refuses.</exception>
    public static void CreateIndexes(DatabaseConnection connection, Collection collection, string failure)
    {
        var errors = new FieldErrorTree();
        for (var index = 0; index < collection.Indexes.Count; index++)
        {
            if (IndexDefinition.Parse(collection.Indexes[index]) is not { } definition) continue;
            try
            {
                connection.Execute((definition with { Table = collection.Name }).ToSql());
            }
            catch (DatabaseException fault) when (!fault.IsLocalFault && !fault.IsInterrupted)
            {
                // SQLite's words name only what the author of the index wrote: columns of the collection.
                errors.At("indexes").Add(
                    index.ToString(CultureInfo.InvariantCulture),
                    "validation_invalid_index_expression",
                    $"Failed to create index {definition.Name} - {fault.Reason}.");
            }
        }

        errors.ThrowIfAny(failure);
    }

    public static void DropIndexes(DatabaseConnection connection, Collection collection)
    {
        foreach (var index in collection.Indexes)
        {
            if (IndexDefinition.Parse(index) is { } definition)
                connection.Execute($"DROP INDEX IF EXISTS {SqlName.Quote(definition.Name)}");
        }
    }

    public static void Drop(DatabaseConnection connection, string name) =>
        connection.Execute($"DROP TABLE IF EXISTS {SqlName.Quote(name)}");
}
