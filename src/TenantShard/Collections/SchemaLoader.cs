using System.Text.Json;
using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Collections.Json;
using Platform.TenantShard.Database;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Collections;

/// <summary>Reads <c>_collections</c> of a database; runs at each activation.</summary>
internal static class SchemaLoader
{
    // Collections without an order of their own are listed as they were created.
    private const string Select = """
        SELECT id, name, type, system, fields, indexes, listRule, viewRule, createRule, updateRule, deleteRule,
               options, created, updated
        FROM _collections ORDER BY rowid
        """;

    /// <summary>The schema as its first version of this activation.</summary>
    /// <exception cref="DatabaseException">The database has no readable <c>_collections</c>.</exception>
    /// <exception cref="InvalidDataException">A row holds no valid collection.</exception>
    public static SchemaSnapshot Load(DatabaseConnection connection, long version = 1)
    {
        var collections = new List<Collection>();
        using var statement = connection.Prepare(Select);
        while (statement.Step()) collections.Add(ReadRow(statement));
        return new SchemaSnapshot(version, collections);
    }

    private static Collection ReadRow(Statement row)
    {
        var name = row.Text(1);
        try
        {
            return new Collection
            {
                Id = row.Text(0),
                Name = name,
                Type = CollectionJson.TypeOf(row.Text(2)) ?? throw new InvalidDataException("The type is unknown."),
                IsSystem = row.Int64(3) != 0,
                Fields = ReadFields(row.Utf8(4)),
                Indexes = ReadIndexes(row.Utf8(5)),
                ListRule = Rule(row, 6),
                ViewRule = Rule(row, 7),
                CreateRule = Rule(row, 8),
                UpdateRule = Rule(row, 9),
                DeleteRule = Rule(row, 10),
                Options = ReadOptions(row.Utf8(11)),
                Created = row.Text(12),
                Updated = row.Text(13),
            };
        }
        catch (Exception fault) when (fault is JsonException or InvalidDataException or InvalidOperationException)
        {
            throw new InvalidDataException($"The stored collection '{name}' is not valid: {fault.Message}", fault);
        }
    }

    private static IReadOnlyList<Field> ReadFields(ReadOnlySpan<byte> utf8)
    {
        if (SharedFields.Find(utf8) is { } shared) return shared;
        var reader = new Utf8JsonReader(utf8);
        using var document = JsonDocument.ParseValue(ref reader);
        var fields = new Field[document.RootElement.GetArrayLength()];
        var errors = new FieldErrorTree();
        var position = 0;
        foreach (var item in document.RootElement.EnumerateArray())
        {
            fields[position++] = FieldJsonReader.Read(item, errors)
                ?? throw new InvalidDataException("A field is of an unknown type.");
        }

        SharedFields.Keep(utf8, fields);
        return fields;
    }

    private static List<string> ReadIndexes(ReadOnlySpan<byte> utf8)
    {
        var indexes = new List<string>();
        if (utf8.IsEmpty) return indexes;
        var reader = new Utf8JsonReader(utf8);
        using var document = JsonDocument.ParseValue(ref reader);
        if (document.RootElement.ValueKind != JsonValueKind.Array) return indexes;
        foreach (var item in document.RootElement.EnumerateArray()) indexes.Add(item.GetString() ?? "");
        return indexes;
    }

    private static JsonElement ReadOptions(ReadOnlySpan<byte> utf8)
    {
        var options = utf8.IsEmpty ? StoredJson.EmptyObject : StoredJson.Parse(utf8);
        return options.ValueKind == JsonValueKind.Object ? options : StoredJson.EmptyObject;
    }

    private static string? Rule(Statement row, int column) => row.IsNull(column) ? null : row.Text(column);
}
