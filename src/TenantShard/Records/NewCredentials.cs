using Platform.TenantShard.Http;
using Platform.TenantShard.Records.Codecs;

namespace Platform.TenantShard.Records;

/// <summary>The credentials of an auth record that is about to be created.</summary>
internal static class NewCredentials
{
    /// <summary>Checks the password that was sent and puts its hash in the record.</summary>
    /// <returns>A condition that the new row must meet because it calls itself verified, or null.</returns>
    public static async Task<RowFilter?> SetAsync(ApiContext context, RecordInput input)
    {
        var manageRule = CheckVerified(context, input);
        var column = input.Plan.Find("password");
        var codec = (PasswordCodec)input.Plan.Codecs[column];
        PasswordInput.CheckNew(input, codec);
        if (!input.Errors.IsEmpty) return manageRule;
        var hash = await context.HashPasswordAsync(input.Password!, codec.Cost);
        input.Values.SetText(column, hash);
        return manageRule;
    }

    private static RowFilter? CheckVerified(ApiContext context, RecordInput input)
    {
        if (context.IsSuperuser || !BoolCodec.IsTrue(input.Values[input.Plan.Find("verified")])) return null;
        var rule = input.Plan.Auth?.ManageRule;
        if (rule is { Length: > 0 } && context.Auth is not null)
            return RowFilter.ForRule(context, input.Plan.Collection, rule);
        input.Errors.Add("verified", FieldErrors.Mismatch);
        return null;
    }
}
