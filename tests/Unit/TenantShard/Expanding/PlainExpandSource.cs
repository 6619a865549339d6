using System.Text.Json;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Database;
using Platform.TenantShard.Expanding;
using Platform.TenantShard.Projection;

namespace Platform.TenantShard.Tests.Expanding;

/// <summary>Shows the id and the first field of each record, and counts the statements.</summary>
internal sealed class PlainExpandSource : IExpandSource
{
    public int Statements { get; private set; }

    public string SelectSql(Collection collection)
    {
        Statements++;
        return $"SELECT {string.Join(", ", collection.Fields.Select(field => field.Name))} FROM \"{collection.Name}\"";
    }

    public int ColumnOf(Collection collection, string field) =>
        collection.Fields.ToList().FindIndex(candidate => candidate.Name == field);

    public void Write(Utf8JsonWriter writer, Collection collection, Statement row, FieldProjection? fields)
    {
        writer.WriteStartObject();
        if (fields?.Includes("id") ?? true) writer.WriteString("id", row.Text(0)[^3..].TrimStart('0'));
        var name = collection.Fields[1].Name;
        if (fields?.Includes(name) ?? true) writer.WriteString(name, row.Text(1));
        writer.WriteEndObject();
    }
}
