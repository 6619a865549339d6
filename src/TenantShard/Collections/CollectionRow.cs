using System.Text.Json;
using Platform.TenantShard.Collections.Json;
using Platform.TenantShard.Database;

namespace Platform.TenantShard.Collections;

/// <summary>Writes rows of <c>_collections</c>.</summary>
internal static class CollectionRow
{
    private const string InsertSql = """
        INSERT INTO _collections (id, name, type, system, fields, indexes, listRule, viewRule, createRule, updateRule,
            deleteRule, options, created, updated)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
        """;

    private const string UpdateSql = """
        UPDATE _collections SET name = ?2, type = ?3, system = ?4, fields = ?5, indexes = ?6, listRule = ?7,
            viewRule = ?8, createRule = ?9, updateRule = ?10, deleteRule = ?11, options = ?12, created = ?13,
            updated = ?14
        WHERE id = ?1
        """;

    public static void Insert(DatabaseConnection connection, Collection collection) =>
        Write(connection, InsertSql, collection);

    public static void Update(DatabaseConnection connection, Collection collection) =>
        Write(connection, UpdateSql, collection);

    public static void Delete(DatabaseConnection connection, string id)
    {
        using var statement = connection.Prepare("DELETE FROM _collections WHERE id = ?1");
        statement.BindText(1, id);
        statement.Run();
    }

    private static void Write(DatabaseConnection connection, string sql, Collection collection)
    {
        using var statement = connection.Prepare(sql);
        statement.BindText(1, collection.Id);
        statement.BindText(2, collection.Name);
        statement.BindText(3, CollectionJson.TypeName(collection.Type));
        statement.BindInt64(4, collection.IsSystem ? 1 : 0);
        statement.BindText(5, CollectionJson.ToBytes(collection.Fields, FieldJsonWriter.Write));
        statement.BindText(6, CollectionJson.ToBytes(collection.Indexes, WriteIndexes));
        BindRule(statement, 7, collection.ListRule);
        BindRule(statement, 8, collection.ViewRule);
        BindRule(statement, 9, collection.CreateRule);
        BindRule(statement, 10, collection.UpdateRule);
        BindRule(statement, 11, collection.DeleteRule);
        statement.BindText(12, CollectionJson.ToBytes(collection, WriteOptions));
        statement.BindText(13, collection.Created);
        statement.BindText(14, collection.Updated);
        statement.Run();
    }

    private static void BindRule(Statement statement, int parameter, string? rule)
    {
        if (rule is null) statement.BindNull(parameter);
        else statement.BindText(parameter, rule);
    }

    private static void WriteIndexes(Utf8JsonWriter writer, IReadOnlyList<string> indexes)
    {
        writer.WriteStartArray();
        foreach (var index in indexes) writer.WriteStringValue(index);
        writer.WriteEndArray();
    }

    private static void WriteOptions(Utf8JsonWriter writer, Collection collection)
    {
        if (collection.Options.ValueKind == JsonValueKind.Object)
        {
            collection.Options.WriteTo(writer);
            return;
        }

        writer.WriteStartObject();
        writer.WriteEndObject();
    }
}
