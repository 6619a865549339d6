using System.Text;
using System.Text.Json;
using Platform.TenantShard.Database;

namespace Platform.TenantShard.Expanding;

/// <summary>The ids in a relation's column: a plain id, or a JSON array of them.</summary>
internal static class RelationIds
{
    public static IReadOnlyList<string> Read(Statement row, int column)
    {
        if (column < 0 || row.Type(column) != ColumnType.Text) return [];
        var text = row.Utf8(column);
        if (text.IsEmpty) return [];
        return text[0] == (byte)'[' ? ReadArray(text) : [Encoding.UTF8.GetString(text)];
    }

    private static List<string> ReadArray(ReadOnlySpan<byte> json)
    {
        var ids = new List<string>();
        try
        {
            var reader = new Utf8JsonReader(json);
            while (reader.Read())
                if (reader.TokenType == JsonTokenType.String) ids.Add(reader.GetString()!);
        }
        catch (JsonException)
        {
            // A column that was retyped may hold text that only looks like an array; it relates to nothing.
            return [];
        }

        return ids;
    }
}
