using Platform.TenantShard.Collections.Json;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Http;
using Platform.TenantShard.Records;

namespace Platform.TenantShard.Auth;

/// <summary><c>POST .../auth-with-otp</c>: a login with a one-time password, which also proves the address.</summary>
internal static class AuthWithOtp
{
    /// <summary>Attempts at one record's passwords within three minutes.</summary>
    private const int AttemptsMax = 5;

    private const string Refusal = "Invalid or expired OTP";

    public static void Map(RouteTable routes) =>
        routes.Map("POST", "/api/collections/{collection}/auth-with-otp", HandleAsync);

    private static async Task HandleAsync(ApiContext context)
    {
        var plan = CollectionPlan.For(AuthEndpoints.FindAuthCollection(context));
        if (!plan.Auth!.Otp.IsEnabled)
            throw ApiException.Forbidden("The collection is not configured to allow OTP authentication.");
        context.Enter(LoginMethod.OneTimePassword);
        var form = new FormReader(await context.ReadBodyAsync());
        var id = form.Text("otpId");
        var password = form.Text("password", lengthMax: 71);
        form.ThrowIfAny();
        var otp = await FindAsync(context, plan, id);
        if (otp is not null && !context.Tenant.OtpAttempts.TryAttempt(plan.Collection.Id + otp.RecordId, AttemptsMax))
            throw new ApiException(429, "Too many attempts, please try again later with a new OTP.")
            {
                RetryAfterSeconds = 180,
            };
        if (!await context.VerifyPasswordAsync(password, otp?.Hash ?? "")
            || otp is null
            || await AuthRecordQuery.ByIdAsync(context, plan, otp.RecordId) is not { } record)
            throw ApiException.BadRequest(Refusal);
        var proof = new ChangeAuthRecord(record, context.Shard.Clock.GetUtcNow())
        {
            IsVerified = !record.IsVerified && otp.SentTo.Length > 0 && otp.SentTo == record.Email,
        };
        if (!await context.Shard.WriteAsync(new UseOtp(id, proof), context.Aborted))
            throw ApiException.BadRequest(Refusal);
        await AuthResponse.LoginAsync(context, plan, record.Id, record.TokenKey, LoginMethod.OneTimePassword);
    }

    private static ValueTask<Otp?> FindAsync(ApiContext context, CollectionPlan plan, string id)
    {
        var start = context.Shard.Clock.GetUtcNow().AddSeconds(-plan.Auth!.Otp.DurationSeconds);
        return context.Shard.ReadAsync(
            (plan, id, Start: StoredDate.Format(start)),
            static (scope, state) =>
            {
                using var row = scope.Connection.Prepare("""
                    SELECT recordRef, password, sentTo FROM _otps WHERE id = ?1 AND collectionRef = ?2 AND created > ?3
                    """);
                row.BindText(1, state.id);
                row.BindText(2, state.plan.Collection.Id);
                row.BindText(3, state.Start);
                return row.Step() ? new Otp(row.Text(0), row.Text(1), row.Text(2)) : null;
            },
            context.Aborted);
    }

    private sealed record Otp(string RecordId, string Hash, string SentTo);
}
