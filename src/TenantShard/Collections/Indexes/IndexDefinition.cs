using System.Text;
using Platform.TenantShard.Collections.Tables;

namespace Platform.TenantShard.Collections.Indexes;

/// <summary>
/// A parsed <c>CREATE [UNIQUE] INDEX [IF NOT EXISTS] name ON table (columns) [WHERE condition]</c>. Parsing makes sure
/// that the text is this one statement and no more; SQLite judges columns and expressions.
/// </summary>
internal sealed record IndexDefinition
{
    public required string Name { get; init; }

    public required string Table { get; init; }

    public bool IsUnique { get; init; }

    public required IReadOnlyList<IndexColumn> Columns { get; init; }

    /// <summary>The condition as it was written; empty = none.</summary>
    public string Where { get; init; } = "";

    /// <summary>The definition, or null when the text is anything else.</summary>
    public static IndexDefinition? Parse(string sql)
    {
        var tokens = SqlTokenizer.Read(sql);
        return tokens is null ? null : new IndexParser(sql, tokens).Parse();
    }

    /// <summary>True when one of the statements is a unique index over that column alone.</summary>
    public static bool HasUnique(IEnumerable<string> indexes, string column)
    {
        foreach (var index in indexes)
        {
            if (Parse(index) is { IsUnique: true, Columns: [{ IsName: true } only] }
                && string.Equals(only.Expression, column, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    /// <summary>The statement in a form of its own: the same definition always gives the same text.</summary>
    public string ToSql()
    {
        var sql = new StringBuilder("CREATE ");
        if (IsUnique) sql.Append("UNIQUE ");
        sql.Append("INDEX ").Append(SqlName.Quote(Name)).Append(" ON ").Append(SqlName.Quote(Table)).Append(" (");
        for (var index = 0; index < Columns.Count; index++)
        {
            if (Columns.Count > 1) sql.Append(index == 0 ? "\n  " : ",\n  ");
            var column = Columns[index];
            sql.Append(column.IsName ? SqlName.Quote(column.Expression) : column.Expression);
            if (column.Suffix.Length > 0) sql.Append(' ').Append(column.Suffix);
        }

        sql.Append(Columns.Count > 1 ? "\n)" : ")");
        if (Where.Length > 0) sql.Append(" WHERE ").Append(Where);
        return sql.ToString();
    }
}
