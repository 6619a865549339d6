using Platform.TenantShard.Collections.Tables;
using Platform.TenantShard.Http;
using Platform.TenantShard.Records.Codecs;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Records;

/// <summary>
/// What an update may do to the credentials of an auth record. Hashes are computed before the write is queued; the
/// command then only makes sure that the record still has the password that was tested.
/// </summary>
internal sealed class CredentialChange
{
    private readonly RecordInput _input;
    private readonly bool _isSuperuser;
    private readonly RowFilter? _manageRule;
    private string? _newHash;
    private string? _testedHash;
    private bool _isOldPasswordRight;

    private CredentialChange(ApiContext context, RecordInput input)
    {
        var rule = input.Plan.Auth?.ManageRule;
        _input = input;
        _isSuperuser = context.IsSuperuser;
        // A manage rule names who manages: guests and everybody are never meant.
        _manageRule = rule is { Length: > 0 } && context.Auth is not null && !context.IsSuperuser
            ? RowFilter.ForRule(context, input.Plan.Collection, rule)
            : null;
    }

    public static async Task<CredentialChange> PrepareAsync(ApiContext context, RecordInput input, RowFilter? rule)
    {
        var change = new CredentialChange(context, input);
        await change.HashAsync(context, rule);
        return change;
    }

    /// <summary>Applies the rules to the row; the token key changes with the password or the e-mail address.</summary>
    public void Apply(
        WriteScope scope, string id, RecordValues before, RecordValues after, RecordErrors errors, ref ulong changed)
    {
        var plan = _input.Plan;
        var isManager = _isSuperuser || Manages(scope, id);
        var email = plan.Find("email");
        var isEmailChanged = !after.Utf8(email).SequenceEqual(before.Utf8(email));
        if (!isManager)
        {
            if (isEmailChanged) errors.Add("email", FieldErrors.Mismatch);
            var verified = plan.Find("verified");
            if (BoolCodec.IsTrue(after[verified]) != BoolCodec.IsTrue(before[verified]))
                errors.Add("verified", FieldErrors.Mismatch);
            if (PasswordInput.IsChange(_input)) CheckOldPassword(before, errors);
        }

        if (_newHash is null && !isEmailChanged) return;
        if (_newHash is not null) changed = Set(after, "password", _newHash, changed);
        if (!_input.Values.IsSet(plan.Find("tokenKey")))
            changed = Set(after, "tokenKey", GeneratedText.From(GeneratedText.TokenKeyPattern), changed);
    }

    private void CheckOldPassword(RecordValues before, RecordErrors errors)
    {
        if (string.IsNullOrEmpty(_input.OldPassword)) errors.Add("oldPassword", FieldErrors.Required);
        // Not tested when the new password is refused anyway.
        else if (_testedHash is not null && !IsOldPasswordRight(before))
            errors.Add("oldPassword", FieldErrors.OldPassword);
    }

    private async Task HashAsync(ApiContext context, RowFilter? rule)
    {
        var column = _input.Plan.Find("password");
        var codec = (PasswordCodec)_input.Plan.Codecs[column];
        PasswordInput.CheckChange(_input, codec);
        if (!PasswordInput.IsChange(_input) || !_input.Errors.IsEmpty) return;
        if (!_isSuperuser && !string.IsNullOrEmpty(_input.OldPassword))
        {
            _testedHash = await CredentialQuery.ReadHashAsync(context, _input.Plan, context.Values.Second, rule);
            _isOldPasswordRight = await context.VerifyPasswordAsync(_input.OldPassword, _testedHash);
        }

        _newHash = await context.HashPasswordAsync(_input.Password!, codec.Cost);
    }

    private bool IsOldPasswordRight(RecordValues before) =>
        _isOldPasswordRight && before.Text(_input.Plan.Find("password")) == _testedHash;

    private bool Manages(WriteScope scope, string id)
    {
        if (_manageRule is null) return false;
        var table = SqlName.Quote(_input.Plan.Collection.Name);
        using var row = scope.Connection.Prepare(
            $"SELECT 1 FROM {table} WHERE {table}.\"id\" = ?1 AND ({_manageRule.Where})");
        row.BindText(1, id);
        _manageRule.Bind(row, 2);
        return row.Step();
    }

    private ulong Set(RecordValues values, string field, string text, ulong changed)
    {
        var column = _input.Plan.Find(field);
        values.SetText(column, text);
        return _input.Plan.Mark(changed, column);
    }
}
