using System.Globalization;
using System.Text;

namespace Platform.TenantShard.Filters.Sql;

/// <summary>
/// JSON columns in SQL. A column may hold text that is no JSON (written before its field changed its type), on which
/// SQLite's functions would fail the statement, so each use checks first.
/// </summary>
internal static class JsonSql
{
    /// <summary>The value at a path. Text that is no JSON is a value itself, with nothing in it.</summary>
    public static SqlFragment Extract(SqlFragment column, IReadOnlyList<string> path)
    {
        if (path.Count == 0)
        {
            return SqlFragment.Of(
                $"(CASE WHEN json_valid({column}) THEN json_extract({column}, '$') ELSE {column} END)");
        }

        var at = SqlFragment.Parameter(new LiteralParameter(Database.SqlValue.From(ToPath(path))));
        return SqlFragment.Of($"(CASE WHEN json_valid({column}) THEN json_extract({column}, {at}) END)");
    }

    /// <summary>A table of the values of a multi-valued column; one row when it is no array.</summary>
    public static SqlFragment Each(SqlFragment column) => SqlFragment.Of(
        $"json_each(CASE WHEN {IsArray(column)} THEN {column} ELSE json_array({column}) END)");

    public static SqlFragment Length(SqlFragment column) => SqlFragment.Of(
        $"(CASE WHEN {IsArray(column)} THEN json_array_length({column}) "
        + $"WHEN {column} = '' OR {column} IS NULL THEN 0 ELSE 1 END)");

    private static SqlFragment IsArray(SqlFragment column) =>
        SqlFragment.Of($"iif(json_valid({column}), json_type({column}) = 'array', 0)");

    /// <summary>SQLite's path syntax, with quoted keys; a segment of digits is an index.</summary>
    private static string ToPath(IReadOnlyList<string> path)
    {
        var text = new StringBuilder("$");
        foreach (var segment in path)
        {
            if (segment.All(char.IsAsciiDigit)) text.Append(CultureInfo.InvariantCulture, $"[{segment}]");
            else text.Append(CultureInfo.InvariantCulture, $".\"{segment}\"");
        }

        return text.ToString();
    }
}
