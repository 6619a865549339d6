using Platform.TenantShard.Collections;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Http;
using Platform.TenantShard.Mail;
using Platform.TenantShard.Records;

namespace Platform.TenantShard.Auth;

/// <summary>
/// <c>POST .../request-email-change</c>, by the record itself, and <c>confirm-email-change</c>, by who reads the new
/// mailbox and knows the password.
/// </summary>
internal static class EmailChange
{
    public static void Map(RouteTable routes)
    {
        routes.Map("POST", "/api/collections/{collection}/request-email-change", RequestAsync);
        routes.Map("POST", "/api/collections/{collection}/confirm-email-change", ConfirmAsync);
    }

    private static async Task RequestAsync(ApiContext context)
    {
        var plan = FindPlan(context);
        RequireAuth.RecordOf(context, plan.Collection.Id, plan.Collection.Name);
        var form = new FormReader(await context.ReadBodyAsync());
        var newEmail = form.Email("newEmail");
        form.ThrowIfAny();
        var record = await AuthRecordQuery.ByIdAsync(context, plan, context.Auth!.RecordId)
            ?? throw ApiException.NotFound();
        if (newEmail == record.Email)
            form.Errors.Add("newEmail", new FieldError("validation_not_in_invalid", "Must not be the present one."));
        else if (await IsTakenAsync(context, plan, record, newEmail))
            form.Errors.Add("newEmail", new FieldError("validation_invalid_new_email", "Invalid new email address."));
        form.ThrowIfAny();
        var token = RecordToken.Issue(
            context, record, TokenClaims.EmailChangeType, plan.Auth!.EmailChangeToken, newEmail);
        if (context.Tenant.Resends.TryPass($"change/{plan.Collection.Id}{record.Id}{newEmail}")
            && !await TenantMail.TrySendAsync(
                context, record, newEmail, plan.Auth.ConfirmEmailChangeTemplate, "TOKEN", token))
            throw ApiException.BadRequest("Failed to request email change.");
        JsonResponse.SendNoContent(context.Http);
    }

    private static async Task ConfirmAsync(ApiContext context)
    {
        var plan = FindPlan(context);
        var form = new FormReader(await context.ReadBodyAsync());
        var proof = await RecordToken.ReadAsync(
            context, plan, form, TokenClaims.EmailChangeType, plan.Auth!.EmailChangeToken);
        var password = form.Text("password");
        form.ThrowIfAny();
        var (record, claims) = proof!.Value;
        if (claims.NewEmail is not { Length: > 0 } newEmail || claims.Email != record.Email)
            throw ApiException.BadField(
                AuthEndpoints.Invalid, "token", "validation_invalid_token_payload", "Invalid token payload.");
        await CheckPasswordAsync(context, record, password);
        if (await IsTakenAsync(context, plan, record, newEmail))
            throw ApiException.BadField(
                AuthEndpoints.Invalid, "token", "validation_existing_token_email",
                "The new email address is already registered.");
        await ChangeAuthRecord.RunAsync(context, new ChangeAuthRecord(record, context.Shard.Clock.GetUtcNow())
        {
            Email = newEmail,
            IsVerified = true,
        });
        JsonResponse.SendNoContent(context.Http);
    }

    /// <summary>Counted with the logins: a stolen token must not be a way to guess passwords.</summary>
    private static async Task CheckPasswordAsync(ApiContext context, AuthRecord record, string password)
    {
        var attempt = $"{record.Plan.Collection.Id}/{record.Id}";
        if (!context.Tenant.Logins.Allows(attempt, context.Services.Options.FailedLoginsMax))
            throw new ApiException(429, "Too many failed logins. Try again in a minute.") { RetryAfterSeconds = 60 };
        if (await context.VerifyPasswordAsync(password, record.PasswordHash)) return;
        context.Tenant.Logins.Failed(attempt);
        throw ApiException.BadField(
            AuthEndpoints.Invalid, "password", "validation_invalid_password",
            "Missing or invalid auth record password.");
    }

    private static async Task<bool> IsTakenAsync(
        ApiContext context, CollectionPlan plan, AuthRecord record, string email) =>
        await AuthRecordQuery.ByEmailAsync(context, plan, email) is { } other && other.Id != record.Id;

    private static CollectionPlan FindPlan(ApiContext context)
    {
        var collection = AuthEndpoints.FindAuthCollection(context);
        return collection.Name == SystemCollections.Superusers
            ? throw ApiException.BadRequest("All superusers can change their emails directly.")
            : CollectionPlan.For(collection);
    }
}
