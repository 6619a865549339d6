using Platform.TenantShard.Collections.Tables;
using Platform.TenantShard.Database;
using Platform.TenantShard.Http;
using Platform.TenantShard.Records;
using Platform.TenantShard.Records.Codecs;

namespace Platform.TenantShard.Auth;

/// <summary>Finds the record that an identity names in one of the collection's identity fields.</summary>
internal static class LoginQuery
{
    /// <param name="context">The request.</param>
    /// <param name="plan">The auth collection.</param>
    /// <param name="identity">What the client calls itself.</param>
    /// <param name="field">
    /// The only field to look at; null = all identity fields, in their order, but an address is first looked for as one.
    /// </param>
    public static ValueTask<Login?> RunAsync(ApiContext context, CollectionPlan plan, string identity, string? field) =>
        context.Shard.ReadAsync(
            (plan, identity, field),
            static (scope, state) =>
            {
                ApiContext.RequireSame(scope.Schema, state.plan.Collection);
                foreach (var name in FieldsFor(state.plan, state.identity, state.field))
                    if (Find(scope.Connection, state.plan, name, state.identity) is { } login) return login;

                return null;
            },
            context.Aborted);

    private static IEnumerable<string> FieldsFor(CollectionPlan plan, string identity, string? field)
    {
        if (field is not null) return [field];
        var fields = plan.Auth!.PasswordAuth.IdentityFields;
        return EmailAddress.IsValid(identity) ? fields.OrderBy(static name => name != "email") : fields;
    }

    private static Login? Find(
        DatabaseConnection connection, CollectionPlan plan, string field, string identity)
    {
        if (plan.Find(field) < 0) return null;
        var table = plan.Collection.Name;
        using var row = connection.Prepare(
            $"SELECT {SqlName.Column(table, "id")}, {SqlName.Column(table, "password")}, "
            + $"{SqlName.Column(table, "tokenKey")} FROM {SqlName.Quote(table)} "
            + $"WHERE {SqlName.Column(table, field)} = ?1{Collation(plan, field)} LIMIT 1");
        row.BindText(1, identity);
        return row.Step() ? new Login(row.Text(0), row.Text(1), row.Text(2)) : null;
    }

    /// <summary>An identity field whose unique index ignores case is looked up as that index compares.</summary>
    public static string Collation(CollectionPlan plan, string field)
    {
        foreach (var index in plan.Collection.Indexes)
        {
            if (index.Contains("COLLATE NOCASE", StringComparison.OrdinalIgnoreCase)
                && index.Contains(field, StringComparison.OrdinalIgnoreCase)) return " COLLATE NOCASE";
        }

        return "";
    }
}
