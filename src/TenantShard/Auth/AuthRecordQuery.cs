using Platform.TenantShard.Collections.Tables;
using Platform.TenantShard.Database;
using Platform.TenantShard.Http;
using Platform.TenantShard.Records;

namespace Platform.TenantShard.Auth;

/// <summary>Finds records of an auth collection for the platform's own purposes.</summary>
internal static class AuthRecordQuery
{
    /// <returns>Null when there is none.</returns>
    public static ValueTask<AuthRecord?> ByIdAsync(ApiContext context, CollectionPlan plan, string id) =>
        RunAsync(context, plan, "id", "", id);

    /// <summary>The address is compared as the collection's unique index compares it.</summary>
    /// <returns>Null when there is none.</returns>
    public static ValueTask<AuthRecord?> ByEmailAsync(ApiContext context, CollectionPlan plan, string email) =>
        email.Length == 0
            ? ValueTask.FromResult<AuthRecord?>(null)
            : RunAsync(context, plan, "email", LoginQuery.Collation(plan, "email"), email);

    /// <summary>By a field of the collection's own, compared as its unique index compares it.</summary>
    /// <returns>Null when there is none.</returns>
    public static ValueTask<AuthRecord?> ByFieldAsync(
        ApiContext context, CollectionPlan plan, string field, string value) =>
        RunAsync(context, plan, field, LoginQuery.Collation(plan, field), value);

    /// <summary>The same inside a query or a command.</summary>
    public static AuthRecord? Find(
        DatabaseConnection connection, CollectionPlan plan, string field, string collation, string value)
    {
        var column = SqlName.Column(plan.Collection.Name, field);
        using var row = connection.Prepare($"{plan.Full.SelectSql} WHERE {column} = ?1{collation} LIMIT 1");
        row.BindText(1, value);
        return row.Step() ? new AuthRecord(plan, plan.ReadRow(row)) : null;
    }

    private static ValueTask<AuthRecord?> RunAsync(
        ApiContext context, CollectionPlan plan, string field, string collation, string value) =>
        context.Shard.ReadAsync(
            (plan, field, collation, value),
            static (scope, state) =>
            {
                ApiContext.RequireSame(scope.Schema, state.plan.Collection);
                return Find(scope.Connection, state.plan, state.field, state.collation, state.value);
            },
            context.Aborted);
}
