using Platform.TenantShard.Errors;
using Platform.TenantShard.Http;

namespace Platform.TenantShard.RateLimits;

/// <summary>Holds requests against the tenant's rules before they run. Superusers are never limited.</summary>
internal static class RateLimitGate
{
    /// <summary>Counts a request that came to a route; null = to none.</summary>
    /// <exception cref="ApiException">429: one too many.</exception>
    public static void Enter(ApiContext context, Route? route)
    {
        if (context.Policy.RateLimits is not { } rules || context.IsSuperuser) return;
        var tags = route?.Tags ?? [];
        var request = context.Http.Request;
        var collection = tags.Length == 0 ? null : context.Schema.Find(context.Values.First)?.Name;
        var isGuest = context.Auth is null;
        Take(
            context, rules, collection,
            rules.Find(collection, tags, request.Method, request.Path.Value ?? "/", isGuest));
    }

    /// <summary>Counts an action that is part of another request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="collection">Name or id of the collection.</param>
    /// <param name="tags">What is done; see <see cref="RateLimitTags"/>.</param>
    /// <exception cref="ApiException">429: one too many.</exception>
    public static void EnterAction(ApiContext context, string collection, string[] tags)
    {
        if (context.Policy.RateLimits is not { } rules || context.IsSuperuser) return;
        var name = context.Schema.Find(collection)?.Name;
        Take(context, rules, name, rules.FindAction(name, tags, context.Auth is null));
    }

    private static void Take(ApiContext context, RateLimitRules rules, string? collection, RateLimitRule? rule)
    {
        var address = context.ClientAddress;
        if (rule is null || rules.Excluded.Contains(address)) return;
        if (context.Tenant.Requests.TryTake(rule, collection ?? "", address, out var wait)) return;
        throw new ApiException(429, "Too Many Requests.") { RetryAfterSeconds = (int)Math.Ceiling(wait.TotalSeconds) };
    }
}
