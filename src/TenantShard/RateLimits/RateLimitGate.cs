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
        Take(context, rules, tags.Length == 0 ? null : context.Values.First, tags);
    }

    /// <summary>Counts an action that is part of another request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="collection">Name or id of the collection.</param>
    /// <param name="tags">What is done; see <see cref="RateLimitTags"/>.</param>
    /// <exception cref="ApiException">429: one too many.</exception>
    public static void EnterAction(ApiContext context, string collection, string[] tags)
    {
        if (context.Policy.RateLimits is not { } rules || context.IsSuperuser) return;
        Take(context, rules, collection, tags);
    }

    private static void Take(ApiContext context, RateLimitRules rules, string? idOrName, string[] tags)
    {
        var address = context.ClientAddress;
        if (rules.Excluded.Contains(address)) return;
        var request = context.Http.Request;
        var path = request.Path.Value ?? "/";
        var collection = idOrName is null ? null : context.Schema.Find(idOrName)?.Name;
        if (rules.Find(collection, tags, request.Method, path, context.Auth is null) is not { } rule) return;
        if (context.Tenant.Requests.TryTake(rule, collection ?? "", address, out var wait)) return;
        throw new ApiException(429, "Too Many Requests.") { RetryAfterSeconds = (int)Math.Ceiling(wait.TotalSeconds) };
    }
}
