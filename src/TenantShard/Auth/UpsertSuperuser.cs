using Platform.TenantShard.Collections;
using Platform.TenantShard.Collections.Tables;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Records;
using Platform.TenantShard.Records.Codecs;
using Platform.TenantShard.Requests;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Auth;

/// <summary>
/// Creates a superuser, or gives an existing one a new password, which voids its tokens. For provisioning: the answer
/// is the record's id.
/// </summary>
internal sealed class UpsertSuperuser : WriteCommand<string>
{
    private readonly string _email;
    private readonly string _passwordHash;
    private readonly DateTimeOffset _now;

    private UpsertSuperuser(string email, string passwordHash, DateTimeOffset now)
    {
        _email = email;
        _passwordHash = passwordHash;
        _now = now;
    }

    /// <summary>Checks the input and hashes the password, away from the shard's mailbox.</summary>
    /// <exception cref="ApiException">400 with the fields that are refused.</exception>
    public static async Task<UpsertSuperuser> PrepareAsync(
        IShard shard, PasswordHasher passwords, string email, string password, CancellationToken cancellationToken)
    {
        var plan = CollectionPlan.For(Find(shard.Schema));
        var codec = (PasswordCodec)plan.Codecs[plan.Find("password")];
        var errors = new RecordErrors();
        if (email.Length == 0) errors.Add("email", FieldErrors.Required);
        else if (!EmailAddress.IsValid(email)) errors.Add("email", FieldErrors.Email);
        if (codec.CheckPlain(password) is { } refused) errors.Add("password", refused);
        errors.ThrowIfAny("Failed to save the superuser.");
        var hash = await passwords.HashAsync(shard.Tenant, password, codec.Cost, cancellationToken);
        return new UpsertSuperuser(email, hash, shard.Clock.GetUtcNow());
    }

    public override string Execute(WriteScope scope)
    {
        var plan = CollectionPlan.For(Find(scope.Schema));
        var values = plan.NewValues(512);
        Set(plan, values, "email", _email);
        Set(plan, values, "password", _passwordHash);
        Set(plan, values, "tokenKey", GeneratedText.From(GeneratedText.TokenKeyPattern));
        if (plan.Find("verified") is >= 0 and var verified) values.SetInteger(verified, 1);
        return FindId(scope) is { } id ? Update(scope, plan, values, id) : Insert(scope, plan, values);
    }

    private static Collection Find(SchemaSnapshot schema) =>
        schema.FindByName(AuthIdentity.SuperusersName)
            ?? throw new InvalidOperationException("The database has no collection of superusers.");

    private static void Set(CollectionPlan plan, RecordValues values, string field, string text) =>
        values.SetText(plan.Find(field), text);

    private string? FindId(WriteScope scope)
    {
        using var row = scope.Connection.Prepare(
            $"SELECT \"id\" FROM {SqlName.Quote(AuthIdentity.SuperusersName)} WHERE \"email\" = ?1");
        row.BindText(1, _email);
        return row.Step() ? row.Text(0) : null;
    }

    private string Insert(WriteScope scope, CollectionPlan plan, RecordValues values)
    {
        NewRecord.Complete(plan, values, _now);
        using var statement = scope.Connection.Prepare(plan.InsertSql);
        for (var column = 0; column < plan.Codecs.Length; column++) values.Bind(statement, column + 1, column);
        statement.Run();
        ObservedRows.Created(scope, AuthIdentity.SuperusersName, values.Text(plan.IdColumn));
        return values.Text(plan.IdColumn);
    }

    private string Update(WriteScope scope, CollectionPlan plan, RecordValues values, string id)
    {
        var before = ObservedRows.Before(scope, plan, id);
        var changed = 0UL;
        for (var column = 0; column < plan.Codecs.Length; column++)
        {
            if (plan.Codecs[column] is AutodateCodec { IsSetOnUpdate: true })
                DateText.Write(_now, values.ReserveText(column, DateText.Length));
            if (values.IsSet(column)) changed = plan.Mark(changed, column);
        }

        using var statement = scope.Connection.Prepare(plan.UpdateSql(changed));
        var parameter = 1;
        for (var column = 0; column < plan.Codecs.Length; column++)
            if (plan.IsChanged(changed, column)) values.Bind(statement, parameter++, column);
        statement.BindText(parameter, id);
        statement.Run();
        ObservedRows.Updated(scope, plan, id, before);
        return id;
    }
}
