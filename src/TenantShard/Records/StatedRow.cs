using System.Text;
using Platform.TenantShard.Collections.Fields;
using Platform.TenantShard.Collections.Tables;
using Platform.TenantShard.Database;

namespace Platform.TenantShard.Records;

/// <summary>
/// A table seen with one row as it is told, whatever it is in the table or not in it. A common table expression hides
/// the real table under its own name, as compiled rules name it. Parameter 1 is the row's id, its values follow.
/// </summary>
internal static class StatedRow
{
    /// <summary>The WITH clause; <paramref name="isAlone"/>: the row is the only one.</summary>
    public static string With(CollectionPlan plan, bool isAlone = false)
    {
        var table = SqlName.Quote(plan.Collection.Name);
        var columns = string.Join(", ", plan.Codecs.Select(static codec => SqlName.Quote(codec.Field.Name)));
        var sql = new StringBuilder($"WITH {table}({columns}) AS (SELECT ");
        for (var column = 0; column < plan.Codecs.Length; column++)
            sql.Append(column == 0 ? "" : ", ").Append(Value(plan.Codecs[column].Field, column + 2));
        if (!isAlone) sql.Append($" UNION ALL SELECT {columns} FROM main.{table} WHERE \"id\" != ?1");
        return sql.Append(") ").ToString();
    }

    /// <summary>Binds what <see cref="With"/> asks for and returns the next free parameter.</summary>
    public static int Bind(Statement statement, CollectionPlan plan, RecordValues values)
    {
        statement.BindText(1, values.Utf8(plan.IdColumn));
        for (var column = 0; column < plan.Codecs.Length; column++) values.Bind(statement, column + 2, column);
        return plan.Codecs.Length + 2;
    }

    /// <summary>
    /// A parameter has no affinity, and comparisons depend on the column's
    /// (https://sqlite.org/datatype3.html#type_conversions_prior_to_comparison). Casts leave stored values as they are,
    /// but for JSON, which is compared by functions only.
    /// </summary>
    private static string Value(Field field, int parameter)
    {
        var definition = field.ColumnDefinition;
        if (definition.StartsWith("TEXT", StringComparison.Ordinal)) return $"CAST(?{parameter} AS TEXT)";
        return definition.StartsWith("JSON", StringComparison.Ordinal)
            ? $"?{parameter}"
            : $"CAST(?{parameter} AS NUMERIC)";
    }
}
