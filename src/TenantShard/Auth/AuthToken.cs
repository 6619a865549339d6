using Platform.TenantShard.Http;
using Platform.TenantShard.Records;

namespace Platform.TenantShard.Auth;

/// <summary>Issues a record's auth token.</summary>
internal static class AuthToken
{
    public static string Issue(ApiContext context, CollectionPlan plan, string recordId, string tokenKey)
    {
        var settings = plan.Auth!.AuthToken;
        var claims = new TokenClaims
        {
            Type = TokenClaims.AuthType,
            Id = recordId,
            CollectionId = plan.Collection.Id,
            ExpiresAt = context.Shard.Clock.GetUtcNow().ToUnixTimeSeconds() + settings.DurationSeconds,
            IsRefreshable = true,
            TenantId = context.Shard.Tenant.Value,
        };
        return JsonWebToken.Create(claims, tokenKey + settings.Secret);
    }
}
