using Platform.TenantShard.Errors;
using Platform.TenantShard.Http;
using Platform.TenantShard.Mail;
using Platform.TenantShard.Records;
using Platform.TenantShard.Records.Codecs;

namespace Platform.TenantShard.Auth;

/// <summary>
/// <c>POST .../request-password-reset</c> and <c>confirm-password-reset</c>: a new password for who reads the record's
/// mail, which also proves that the address is the record's.
/// </summary>
internal static class PasswordReset
{
    private const string ThrottleKind = "reset/";

    public static void Map(RouteTable routes)
    {
        routes.Map("POST", "/api/collections/{collection}/request-password-reset", RequestAsync);
        routes.Map("POST", "/api/collections/{collection}/confirm-password-reset", ConfirmAsync);
    }

    private static async Task RequestAsync(ApiContext context)
    {
        var plan = CollectionPlan.For(AuthEndpoints.FindAuthCollection(context));
        if (!plan.Auth!.PasswordAuth.IsEnabled)
            throw ApiException.BadRequest("The collection is not configured to allow password authentication.");
        var form = new FormReader(await context.ReadBodyAsync());
        var email = form.Email("email");
        form.ThrowIfAny();
        if (await AuthRecordQuery.ByEmailAsync(context, plan, email) is { } record
            && context.Tenant.Resends.TryPass(ThrottleKind + plan.Collection.Id + record.Id))
        {
            var token = RecordToken.Issue(
                context, record, TokenClaims.PasswordResetType, plan.Auth.PasswordResetToken);
            await TenantMail.TrySendAsync(
                context, record, record.Email, plan.Auth.ResetPasswordTemplate, "TOKEN", token);
        }

        JsonResponse.SendNoContent(context.Http);
    }

    private static async Task ConfirmAsync(ApiContext context)
    {
        var plan = CollectionPlan.For(AuthEndpoints.FindAuthCollection(context));
        var codec = (PasswordCodec)plan.Codecs[plan.Find("password")];
        var form = new FormReader(await context.ReadBodyAsync());
        var proof = await RecordToken.ReadAsync(
            context, plan, form, TokenClaims.PasswordResetType, plan.Auth!.PasswordResetToken);
        var password = form.Text("password");
        var confirmation = form.Text("passwordConfirm");
        if (confirmation.Length > 0 && confirmation != password)
            form.Errors.Add("passwordConfirm", FieldErrors.Mismatch);
        if (password.Length > 0 && codec.CheckPlain(password) is { } weakness) form.Errors.Add("password", weakness);
        form.ThrowIfAny();
        var (record, claims) = proof!.Value;
        var hash = await context.HashPasswordAsync(password, codec.Cost);
        await ChangeAuthRecord.RunAsync(context, new ChangeAuthRecord(record, context.Shard.Clock.GetUtcNow())
        {
            PasswordHash = hash,
            IsVerified = !record.IsVerified && record.Email.Length > 0 && claims.Email == record.Email,
        });
        context.Tenant.Resends.Forget(ThrottleKind + plan.Collection.Id + record.Id);
        JsonResponse.SendNoContent(context.Http);
    }
}
