using Platform.TenantShard.Http;
using Platform.TenantShard.Records;

namespace Platform.TenantShard.Auth;

/// <summary>Issues a record's auth token.</summary>
internal static class AuthToken
{
    /// <summary>A token that can be exchanged for newer ones.</summary>
    public static string Issue(ApiContext context, CollectionPlan plan, string recordId, string tokenKey) =>
        Issue(context, plan, recordId, tokenKey, plan.Auth!.AuthToken.DurationSeconds, isRefreshable: true);

    /// <summary>A token that ends with its time; 0 seconds = the collection's usual time.</summary>
    public static string IssueStatic(
        ApiContext context, CollectionPlan plan, string recordId, string tokenKey, long durationSeconds)
    {
        var duration = durationSeconds > 0 ? durationSeconds : plan.Auth!.AuthToken.DurationSeconds;
        return Issue(context, plan, recordId, tokenKey, duration, isRefreshable: false);
    }

    private static string Issue(
        ApiContext context, CollectionPlan plan, string recordId, string tokenKey, long durationSeconds,
        bool isRefreshable)
    {
        var claims = new TokenClaims
        {
            Type = TokenClaims.AuthType,
            Id = recordId,
            CollectionId = plan.Collection.Id,
            ExpiresAt = context.Shard.Clock.GetUtcNow().ToUnixTimeSeconds() + durationSeconds,
            IsRefreshable = isRefreshable,
            TenantId = context.Shard.Tenant.Value,
        };
        return JsonWebToken.Create(claims, tokenKey + plan.Auth!.AuthToken.Secret);
    }
}
