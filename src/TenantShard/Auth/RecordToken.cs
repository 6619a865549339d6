using Platform.TenantShard.Collections.Auth;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Http;
using Platform.TenantShard.Records;

namespace Platform.TenantShard.Auth;

/// <summary>The tokens that are mailed: each is signed with the record's key and the secret of its kind.</summary>
internal static class RecordToken
{
    public static string Issue(
        ApiContext context, AuthRecord record, string type, TokenOptions options, string? newEmail = null)
    {
        var claims = new TokenClaims
        {
            Type = type,
            Id = record.Id,
            CollectionId = record.Plan.Collection.Id,
            ExpiresAt = context.Shard.Clock.GetUtcNow().ToUnixTimeSeconds() + options.DurationSeconds,
            TenantId = context.Shard.Tenant.Value,
            Email = record.Email,
            NewEmail = newEmail,
        };
        return JsonWebToken.Create(claims, record.TokenKey + options.Secret);
    }

    /// <summary>The record that the token proves, with its claims; null when something is wrong with it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="plan">The collection of the path.</param>
    /// <param name="form">Takes the mistake.</param>
    /// <param name="type">The kind.</param>
    /// <param name="options">Of that kind.</param>
    public static async Task<(AuthRecord Record, TokenClaims Claims)?> ReadAsync(
        ApiContext context, CollectionPlan plan, FormReader form, string type, TokenOptions options)
    {
        var token = form.Text("token", JsonWebToken.LengthMax);
        if (token.Length == 0) return null;
        if (!JsonWebToken.TryRead(token, out var claims) || (claims.Type != type && !claims.IsLegacy)
            || claims.ExpiresAt <= context.Shard.Clock.GetUtcNow().ToUnixTimeSeconds()
            || (claims.TenantId is not null && claims.TenantId != context.Shard.Tenant.Value))
            return Refuse(form, "validation_invalid_token", "Invalid or expired token.");
        if (claims.CollectionId != plan.Collection.Id)
            return Refuse(
                form, "validation_token_collection_mismatch", "The provided token is for different auth collection.");
        var record = await AuthRecordQuery.ByIdAsync(context, plan, claims.Id);
        if (record is null || record.TokenKey.Length == 0 || options.Secret.Length == 0
            || !JsonWebToken.IsSignedWith(token, record.TokenKey + options.Secret))
            return Refuse(form, "validation_invalid_token", "Invalid or expired token.");
        return (record, claims);
    }

    private static (AuthRecord, TokenClaims)? Refuse(FormReader form, string code, string message)
    {
        form.Errors.Add("token", new FieldError(code, message));
        return null;
    }
}
