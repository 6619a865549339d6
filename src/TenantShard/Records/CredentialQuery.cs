using Platform.TenantShard.Collections.Tables;
using Platform.TenantShard.Http;

namespace Platform.TenantShard.Records;

/// <summary>Reads the password hash of a record that the request may update.</summary>
internal static class CredentialQuery
{
    /// <returns>The hash; empty when there is no such record.</returns>
    public static async Task<string> ReadHashAsync(
        ApiContext context, CollectionPlan plan, string id, RowFilter? rule) =>
        await context.Shard.ReadAsync(
            (plan, id, rule),
            static (scope, state) =>
            {
                ApiContext.RequireSame(scope.Schema, state.plan.Collection, state.rule);
                var table = SqlName.Quote(state.plan.Collection.Name);
                var filter = state.rule is null ? "" : $" AND ({state.rule.Where})";
                using var row = scope.Connection.Prepare(
                    $"SELECT {table}.\"password\" FROM {table} WHERE {table}.\"id\" = ?1{filter}");
                row.BindText(1, state.id);
                state.rule?.Bind(row, 2);
                return row.Step() ? row.Text(0) : "";
            },
            context.Aborted);
}
