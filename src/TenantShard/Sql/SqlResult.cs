using System.Text.Json;

namespace Platform.TenantShard.Sql;

/// <summary>What a query gave: of several statements the last one's rows.</summary>
internal sealed class SqlResult
{
    public TimeSpan Duration { get; set; }

    /// <summary>Rows that all statements have written.</summary>
    public long AffectedRows { get; set; }

    public List<SqlColumn> Columns { get; } = [];

    /// <summary>Values as text; null for NULL.</summary>
    public List<string?[]> Rows { get; } = [];

    /// <summary>True when there were more rows than a result may have.</summary>
    public bool IsTruncated { get; set; }

    public static void Write(Utf8JsonWriter writer, SqlResult result)
    {
        writer.WriteStartObject();
        writer.WriteNumber("affectedRows"u8, result.AffectedRows);
        writer.WriteStartArray("columns"u8);
        foreach (var column in result.Columns)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, column.Name);
            writer.WriteBoolean("nullable"u8, column.IsNullable);
            writer.WriteString("type"u8, column.Type);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteNumber("execTime"u8, Math.Round(result.Duration.TotalMilliseconds, 3));
        writer.WriteStartArray("rows"u8);
        foreach (var row in result.Rows)
        {
            writer.WriteStartArray();
            foreach (var value in row) writer.WriteStringValue(value);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        if (result.IsTruncated) writer.WriteBoolean("truncated"u8, true);
        writer.WriteEndObject();
    }
}
