using System.Text.Json;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Database;

namespace Platform.TenantShard.Tests.Filters;

/// <summary>
/// Collections with every kind of field and relation, and the records of <see cref="BlogData"/> in SQLite.
/// </summary>
internal static class BlogSchema
{
    public static SchemaSnapshot Create(Func<Collection, Collection>? change = null)
    {
        change ??= static collection => collection;
        return new SchemaSnapshot(1, [.. Collections().Select(change)]);
    }

    /// <summary>Creates the tables and fills them.</summary>
    public static void Fill(DatabaseConnection connection, SchemaSnapshot schema)
    {
        foreach (var collection in schema.Collections)
            if (collection.Type != CollectionType.View) CreateTable(connection, collection);
        using var data = JsonDocument.Parse(BlogData.Json);
        foreach (var table in data.RootElement.EnumerateObject())
            foreach (var record in table.Value.EnumerateArray())
                Insert(connection, schema.FindByName(table.Name)!, record);
        connection.Execute("""CREATE VIEW "summary" AS SELECT "id", "title", 7 AS "seven" FROM "posts" """);
    }

    private static IEnumerable<Collection> Collections()
    {
        yield return Make("users", CollectionType.Auth,
            new TextField { Id = "u1", Name = "name" },
            new EmailField { Id = "u2", Name = "email" },
            new BoolField { Id = "u3", Name = "emailVisibility" },
            new BoolField { Id = "u4", Name = "verified" },
            new PasswordField { Id = "u5", Name = "password", IsHidden = true },
            new TextField { Id = "u6", Name = "tokenKey", IsHidden = true });
        yield return Make("authors", CollectionType.Base,
            new TextField { Id = "a1", Name = "name" },
            new NumberField { Id = "a2", Name = "age" },
            new BoolField { Id = "a3", Name = "active" },
            new RelationField { Id = "a4", Name = "user", CollectionId = "id_users" },
            new SelectField { Id = "a5", Name = "roles", MaxSelect = 3, Values = ["admin", "editor"] },
            new JsonField { Id = "a6", Name = "profile" },
            new TextField { Id = "a7", Name = "secret", IsHidden = true });
        yield return Make("tags", CollectionType.Base,
            new TextField { Id = "t1", Name = "label" },
            new NumberField { Id = "t2", Name = "weight" });
        yield return Make("posts", CollectionType.Base,
            new TextField { Id = "p1", Name = "title" },
            new NumberField { Id = "p2", Name = "views" },
            new BoolField { Id = "p3", Name = "live" },
            new SelectField { Id = "p4", Name = "status", Values = ["open", "closed"] },
            new DateField { Id = "p5", Name = "published" },
            new SelectField { Id = "p6", Name = "labels", MaxSelect = 3, Values = ["a", "b", "c"] },
            new RelationField { Id = "p7", Name = "author", CollectionId = "id_authors" },
            new RelationField { Id = "p8", Name = "tags", CollectionId = "id_tags", MaxSelect = 9 },
            new RelationField { Id = "p9", Name = "parent", CollectionId = "id_posts" },
            new JsonField { Id = "p10", Name = "data" },
            new GeoPointField { Id = "p11", Name = "place" },
            new TextField { Id = "p12", Name = "secret", IsHidden = true },
            new AutodateField { Id = "p13", Name = "created", OnCreate = true });
        yield return Make("comments", CollectionType.Base,
            new TextField { Id = "c1", Name = "body" },
            new NumberField { Id = "c2", Name = "score" },
            new RelationField { Id = "c3", Name = "post", CollectionId = "id_posts" },
            new RelationField { Id = "c4", Name = "mentions", CollectionId = "id_posts", MaxSelect = 9 });
        yield return Make("summary", CollectionType.View,
            new TextField { Id = "s1", Name = "title" },
            new NumberField { Id = "s2", Name = "seven" });
    }

    private static Collection Make(string name, CollectionType type, params Field[] fields) => new()
    {
        Id = "id_" + name,
        Name = name,
        Type = type,
        Fields = [new TextField { Id = name + "0", Name = "id", IsPrimaryKey = true, IsSystem = true }, .. fields],
        ListRule = "",
        ViewRule = "",
        Created = "2024-01-01 00:00:00.000Z",
        Updated = "2024-01-01 00:00:00.000Z",
    };

    private static void CreateTable(DatabaseConnection connection, Collection collection)
    {
        var columns = collection.Fields.Select(field => $"\"{field.Name}\" {field.ColumnDefinition}");
        connection.Execute($"CREATE TABLE \"{collection.Name}\" ({string.Join(", ", columns)})");
    }

    private static void Insert(DatabaseConnection connection, Collection collection, JsonElement record)
    {
        var members = record.EnumerateObject().ToList();
        using var insert = connection.Prepare(
            $"INSERT INTO \"{collection.Name}\" ({string.Join(", ", members.Select(member => $"\"{member.Name}\""))}) "
            + $"VALUES ({string.Join(", ", members.Select(_ => "?"))})");
        for (var i = 0; i < members.Count; i++)
        {
            var isJson = collection.FindField(members[i].Name) is JsonField;
            insert.Bind(i + 1, ToSql(members[i].Value, isJson));
        }

        insert.Run();
    }

    private static SqlValue ToSql(JsonElement value, bool isJson) => value.ValueKind switch
    {
        JsonValueKind.Null => SqlValue.Null,
        _ when isJson => SqlValue.From(JsonSerializer.Serialize(value)),
        JsonValueKind.String => SqlValue.From(value.GetString()!),
        JsonValueKind.Number => SqlValue.From(value.GetDouble()),
        JsonValueKind.True or JsonValueKind.False => SqlValue.From(value.GetBoolean()),
        _ => SqlValue.From(JsonSerializer.Serialize(value)),
    };
}
