using Platform.TenantShard.Database;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Http;
using Platform.TenantShard.Records;
using Platform.TenantShard.Records.Codecs;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Auth;

/// <summary>
/// Changes what proves a record: for flows in which the record has proved itself otherwise. A new password or address
/// renews the token key and so voids all tokens. Does nothing to a record whose key has changed meanwhile.
/// </summary>
internal sealed class ChangeAuthRecord(AuthRecord record, DateTimeOffset now) : WriteCommand<bool>
{
    public string? PasswordHash { get; init; }

    public string? Email { get; init; }

    public bool IsVerified { get; init; }

    /// <summary>Runs a command of this kind and forgets verified tokens, also when its fate is not known.</summary>
    public static async Task RunAsync<TResult>(ApiContext context, WriteCommand<TResult> command)
    {
        try
        {
            await context.Shard.WriteAsync(command, context.Aborted);
        }
        finally
        {
            context.Tenant.Tokens.Invalidate();
        }
    }

    public override bool Execute(WriteScope scope)
    {
        ApiContext.RequireSame(scope.Schema, record.Plan.Collection);
        Apply(scope);
        return true;
    }

    /// <summary>The same as a part of another command.</summary>
    /// <exception cref="ApiException">400: the record is not what it was; or the address is taken.</exception>
    public void Apply(WriteScope scope)
    {
        var plan = record.Plan;
        var values = plan.NewValues(512);
        if (PasswordHash is not null) Set(values, "password", PasswordHash);
        if (Email is not null) Set(values, "email", Email);
        if (IsVerified && plan.Find("verified") is >= 0 and var verified) values.SetInteger(verified, 1);
        if (PasswordHash is not null || Email is not null)
            Set(values, "tokenKey", GeneratedText.From(GeneratedText.TokenKeyPattern));
        var changed = Mark(values);
        if (changed == 0) return;
        var current = AuthRecordQuery.Find(scope.Connection, plan, "id", "", record.Id);
        if (current?.TokenKey != record.TokenKey) throw ApiException.BadRequest(AuthEndpoints.Invalid);
        // Collections of very many fields are written whole; see CollectionPlan.
        for (var column = 0; column < plan.Codecs.Length; column++)
            if (!values.IsSet(column)) values.Set(column, current.Values[column]);
        Update(scope.Connection, values, changed);
        ObservedRows.Updated(scope, plan, record.Id, scope.IsObserved ? current.Values : null);
    }

    private ulong Mark(RecordValues values)
    {
        var (plan, changed) = (record.Plan, 0UL);
        for (var column = 0; column < plan.Codecs.Length; column++)
            if (values.IsSet(column)) changed = plan.Mark(changed, column);
        if (changed == 0) return 0;
        for (var column = 0; column < plan.Codecs.Length; column++)
        {
            if (plan.Codecs[column] is not AutodateCodec { IsSetOnUpdate: true }) continue;
            DateText.Write(now, values.ReserveText(column, DateText.Length));
            changed = plan.Mark(changed, column);
        }

        return changed;
    }

    private void Update(DatabaseConnection connection, RecordValues values, ulong changed)
    {
        var plan = record.Plan;
        using var statement = connection.Prepare(plan.UpdateSql(changed));
        var parameter = 1;
        for (var column = 0; column < plan.Codecs.Length; column++)
            if (plan.IsChanged(changed, column)) values.Bind(statement, parameter++, column);
        statement.BindText(parameter, record.Id);
        try
        {
            statement.Run();
        }
        catch (DatabaseException error) when (error.IsUniqueViolation)
        {
            throw UniqueViolation.Explain(error, plan.Collection, AuthEndpoints.Invalid);
        }
    }

    private void Set(RecordValues values, string field, string text) =>
        values.SetText(record.Plan.Find(field), text);
}
