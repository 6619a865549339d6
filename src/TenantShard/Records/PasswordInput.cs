using Platform.TenantShard.Records.Codecs;

namespace Platform.TenantShard.Records;

/// <summary>The rules of <c>password</c>, <c>passwordConfirm</c> and <c>oldPassword</c>.</summary>
internal static class PasswordInput
{
    /// <summary>For a new record: a password, sent twice.</summary>
    public static void CheckNew(RecordInput input, PasswordCodec codec)
    {
        if (string.IsNullOrEmpty(input.Password)) input.Errors.Add("password", FieldErrors.Required);
        CheckConfirmed(input);
        CheckStrength(input, codec);
    }

    /// <summary>For a change; the old password is needed unless the client manages the record.</summary>
    public static void CheckChange(RecordInput input, PasswordCodec codec)
    {
        if (!IsChange(input)) return;
        if (string.IsNullOrEmpty(input.Password)) input.Errors.Add("password", FieldErrors.Required);
        CheckConfirmed(input);
        CheckStrength(input, codec);
    }

    /// <summary>True when any of the three members was sent.</summary>
    public static bool IsChange(RecordInput input) =>
        !string.IsNullOrEmpty(input.Password)
            || !string.IsNullOrEmpty(input.PasswordConfirm)
            || !string.IsNullOrEmpty(input.OldPassword);

    private static void CheckConfirmed(RecordInput input)
    {
        if (string.IsNullOrEmpty(input.PasswordConfirm)) input.Errors.Add("passwordConfirm", FieldErrors.Required);
        else if (input.PasswordConfirm != input.Password) input.Errors.Add("passwordConfirm", FieldErrors.Mismatch);
    }

    private static void CheckStrength(RecordInput input, PasswordCodec codec)
    {
        if (!string.IsNullOrEmpty(input.Password) && codec.CheckPlain(input.Password) is { } error)
            input.Errors.Add("password", error);
    }
}
