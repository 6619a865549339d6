namespace Platform.TenantShard.Collections.Tables;

/// <summary>Quotes names for SQL text. Only validated names get here; quoting makes that safe twice.</summary>
internal static class SqlName
{
    // Backquotes, as in stored index definitions: unlike double quotes, SQLite never takes them for a string.
    public static string Quote(string name) => $"`{name.Replace("`", "``", StringComparison.Ordinal)}`";

    /// <summary>A column with its table.</summary>
    public static string Column(string table, string name) => $"{Quote(table)}.{Quote(name)}";
}
