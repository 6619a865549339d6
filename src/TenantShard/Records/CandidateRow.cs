using Platform.TenantShard.Collections.Tables;
using Platform.TenantShard.Database;

namespace Platform.TenantShard.Records;

/// <summary>A record that cannot be inserted, tested against the create rule as if it were the only row.</summary>
internal static class CandidateRow
{
    public static bool Meets(DatabaseConnection connection, RecordInput input, RowFilter filter)
    {
        var table = SqlName.Quote(input.Plan.Collection.Name);
        using var row = connection.Prepare(
            $"{StatedRow.With(input.Plan, isAlone: true)}SELECT 1 FROM {table} WHERE ({filter.Where})");
        filter.Bind(row, StatedRow.Bind(row, input.Plan, input.Values));
        return row.Step();
    }
}
