using System.Text;
using Platform.TenantShard.Collections.Tables;
using Platform.TenantShard.Database;

namespace Platform.TenantShard.Tests.PocketBaseData;

/// <summary>Everything that a database says, as lines of text: the schema by name, then the rows of each table.</summary>
internal static class DatabaseDump
{
    public static IReadOnlyList<string> Read(DatabaseConnection connection)
    {
        var lines = new List<string>();
        var tables = new List<string>();
        using (var schema = connection.PrepareOnce(
            "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY type, name"))
        {
            while (schema.Step())
            {
                lines.Add($"{schema.Text(0)} {schema.Text(1)}: {schema.Text(2)}");
                if (schema.Text(0) == "table") tables.Add(schema.Text(1));
            }
        }

        foreach (var table in tables) AddRows(connection, table, lines);
        return lines;
    }

    private static void AddRows(DatabaseConnection connection, string table, List<string> lines)
    {
        // When settings were stored is the import's own.
        var columns = table == "_params" ? "id, value" : "*";
        using var rows = connection.PrepareOnce($"SELECT {columns} FROM {SqlName.Quote(table)} ORDER BY rowid");
        while (rows.Step())
        {
            var line = new StringBuilder(table);
            for (var column = 0; column < rows.ColumnCount; column++)
                line.Append('|').Append(rows.Type(column)).Append(' ').Append(rows.Text(column));
            lines.Add(line.ToString());
        }
    }
}
