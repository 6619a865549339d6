using Platform.TenantShard.Collections;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Http;
using Platform.TenantShard.Mail;
using Platform.TenantShard.Records;

namespace Platform.TenantShard.Auth;

/// <summary>
/// <c>POST .../request-verification</c> and <c>confirm-verification</c>: the record owns its e-mail address. Whether an
/// address is known is not told: the answer is the same, and the mail goes out later.
/// </summary>
internal static class Verification
{
    private const string ThrottleKind = "verification/";

    public static void Map(RouteTable routes)
    {
        routes.Map("POST", "/api/collections/{collection}/request-verification", RequestAsync);
        routes.Map("POST", "/api/collections/{collection}/confirm-verification", ConfirmAsync);
    }

    private static async Task RequestAsync(ApiContext context)
    {
        var plan = FindPlan(context);
        var form = new FormReader(await context.ReadBodyAsync());
        var email = form.Email("email");
        form.ThrowIfAny();
        if (await AuthRecordQuery.ByEmailAsync(context, plan, email) is { IsVerified: false } record
            && context.Tenant.Resends.TryPass(ThrottleKind + plan.Collection.Id + record.Id))
        {
            var token = RecordToken.Issue(context, record, TokenClaims.VerificationType, plan.Auth!.VerificationToken);
            await TenantMail.TrySendAsync(
                context, record, record.Email, plan.Auth.VerificationTemplate, "TOKEN", token);
        }

        JsonResponse.SendNoContent(context.Http);
    }

    private static async Task ConfirmAsync(ApiContext context)
    {
        var plan = FindPlan(context);
        var form = new FormReader(await context.ReadBodyAsync());
        var proof = await RecordToken.ReadAsync(
            context, plan, form, TokenClaims.VerificationType, plan.Auth!.VerificationToken);
        if (proof is { } claimed && (claimed.Record.Email.Length == 0 || claimed.Claims.Email != claimed.Record.Email))
            form.Errors.Add("token", new FieldError(
                "validation_token_email_mismatch", "The record email doesn't match with the requested token claims."));
        form.ThrowIfAny();
        var record = proof!.Value.Record;
        if (!record.IsVerified)
            await ChangeAuthRecord.RunAsync(
                context, new ChangeAuthRecord(record, context.Shard.Clock.GetUtcNow()) { IsVerified = true });
        context.Tenant.Resends.Forget(ThrottleKind + plan.Collection.Id + record.Id);
        JsonResponse.SendNoContent(context.Http);
    }

    private static CollectionPlan FindPlan(ApiContext context)
    {
        var collection = AuthEndpoints.FindAuthCollection(context);
        return collection.Name == SystemCollections.Superusers
            ? throw ApiException.BadRequest("All superusers are verified by default.")
            : CollectionPlan.For(collection);
    }
}
