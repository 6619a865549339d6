using System.Text;
using System.Text.Json;
using Platform.TenantShard.Collections.Tables;
using Platform.TenantShard.Database;
using Platform.TenantShard.Events;
using Platform.TenantShard.Http;
using Platform.TenantShard.Records;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Realtime;

/// <summary>
/// A record that is no longer there. Its rule is tested against the table with the row put back; what the rule asks of
/// other tables is as it is now. Relations are not expanded.
/// </summary>
internal static class DeletedRecord
{
    /// <summary>Writes the record as it was; false when it did not meet the filter.</summary>
    public static bool Write(
        ReadScope scope, ApiContext context, RecordEvent change, RowFilter? filter, RecordView view,
        Utf8JsonWriter writer)
    {
        var before = change.Before!;
        if (filter is not null)
        {
            ApiContext.RequireSame(scope.Schema, change.Plan.Collection, filter);
            if (!Meets(scope.Connection, change.Plan, before, filter)) return false;
        }

        if (view.Fields is null)
        {
            RecordReader.Write(context, change.Plan, before, writer);
            return true;
        }

        var whole = JsonBufferPool.Rent();
        try
        {
            RecordReader.Write(context, change.Plan, before, whole.Writer);
            whole.Complete();
            ProjectedJson.Copy(whole.Written.Span, view.Fields, writer);
            return true;
        }
        finally
        {
            JsonBufferPool.Return(whole);
        }
    }

    private static bool Meets(
        DatabaseConnection connection, CollectionPlan plan, RecordValues before, RowFilter filter)
    {
        using var row = connection.Prepare(BuildSql(plan, filter));
        var count = plan.Codecs.Length;
        for (var column = 0; column < count; column++) before.Bind(row, column + 1, column);
        row.BindText(count + 1, before.Utf8(plan.IdColumn));
        row.BindText(count + 2, before.Utf8(plan.IdColumn));
        filter.Bind(row, count + 3);
        return row.Step();
    }

    private static string BuildSql(CollectionPlan plan, RowFilter filter)
    {
        // The common table expression hides the real table under its own name, as the compiled rule names it.
        var table = SqlName.Quote(plan.Collection.Name);
        var columns = string.Join(", ", plan.Codecs.Select(static codec => SqlName.Quote(codec.Field.Name)));
        var sql = new StringBuilder($"WITH {table}({columns}) AS (VALUES (");
        for (var column = 0; column < plan.Codecs.Length; column++) sql.Append(column == 0 ? "?" : ", ?");
        sql.Append($") UNION ALL SELECT {columns} FROM main.{table} WHERE \"id\" != ?)");
        return sql.Append($" SELECT 1 FROM {table} WHERE {table}.\"id\" = ? AND ({filter.Where})").ToString();
    }
}
