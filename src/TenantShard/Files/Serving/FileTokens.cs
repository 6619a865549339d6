using Platform.TenantShard.Auth;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Http;
using Platform.TenantShard.Records;
using Platform.TenantShard.Requests;

namespace Platform.TenantShard.Files.Serving;

/// <summary>
/// <c>POST /api/files/token</c>: a short-lived token for links to protected files, which cannot send a header.
/// </summary>
internal static class FileTokens
{
    private const string FileType = "file";

    public static void Map(RouteTable routes) => routes.Map("POST", "/api/files/token", HandleAsync);

    /// <summary>Who the token of the query proves; null for a guest, also with a token that is not valid.</summary>
    public static async Task<AuthIdentity?> ResolveAsync(ApiContext context, string? token)
    {
        if (string.IsNullOrEmpty(token) || !JsonWebToken.TryRead(token, out var claims)) return null;
        if (claims.Type != FileType || claims.ExpiresAt <= context.Shard.Clock.GetUtcNow().ToUnixTimeSeconds()
            || (claims.TenantId is not null && claims.TenantId != context.Shard.Tenant.Value)) return null;
        if (context.Schema.FindById(claims.CollectionId) is not { Type: CollectionType.Auth } collection) return null;
        var plan = CollectionPlan.For(collection);
        var secret = plan.Auth!.FileToken.Secret;
        if (secret.Length == 0) return null;
        var record = await AuthRecordQuery.ByIdAsync(context, plan, claims.Id);
        return record is { TokenKey.Length: > 0 } && JsonWebToken.IsSignedWith(token, record.TokenKey + secret)
            ? new AuthIdentity(collection, record.Id)
            : null;
    }

    private static async Task HandleAsync(ApiContext context)
    {
        if (context.Auth is not { } auth)
            throw ApiException.Unauthorized("The request requires valid record authorization token.");
        var plan = CollectionPlan.For(auth.Collection);
        var record = await AuthRecordQuery.ByIdAsync(context, plan, auth.RecordId) ?? throw ApiException.NotFound();
        var settings = plan.Auth!.FileToken;
        var token = JsonWebToken.Create(
            new TokenClaims
            {
                Type = FileType,
                Id = record.Id,
                CollectionId = plan.Collection.Id,
                ExpiresAt = context.Shard.Clock.GetUtcNow().ToUnixTimeSeconds() + settings.DurationSeconds,
                TenantId = context.Shard.Tenant.Value,
            },
            record.TokenKey + settings.Secret);
        await CollectionResponse.SendAsync(context, token, static (writer, token) =>
        {
            writer.WriteStartObject();
            writer.WriteString("token"u8, token);
            writer.WriteEndObject();
        });
    }
}
