using System.Text;
using Platform.TenantShard.Collections.Tables;
using Platform.TenantShard.Database;

namespace Platform.TenantShard.Records;

/// <summary>A record that cannot be inserted, tested against the create rule as if it were the only row.</summary>
internal static class CandidateRow
{
    public static bool Meets(DatabaseConnection connection, RecordInput input, RowFilter filter)
    {
        using var row = connection.Prepare(BuildSql(input.Plan, filter));
        for (var column = 0; column < input.Plan.Codecs.Length; column++)
            input.Values.Bind(row, column + 1, column);
        filter.Bind(row, input.Plan.Codecs.Length + 1);
        return row.Step();
    }

    private static string BuildSql(CollectionPlan plan, RowFilter filter)
    {
        // The common table expression hides the real table under its own name, as the compiled rule names it.
        var table = SqlName.Quote(plan.Collection.Name);
        var sql = new StringBuilder("WITH ").Append(table).Append('(');
        for (var column = 0; column < plan.Codecs.Length; column++)
            sql.Append(column == 0 ? "" : ", ").Append(SqlName.Quote(plan.Codecs[column].Field.Name));
        sql.Append(") AS (VALUES (");
        for (var column = 0; column < plan.Codecs.Length; column++) sql.Append(column == 0 ? "?" : ", ?");
        return sql.Append($")) SELECT 1 FROM {table} WHERE ({filter.Where})").ToString();
    }
}
