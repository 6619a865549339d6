using System.Collections.Frozen;

namespace Platform.TenantShard.RateLimits;

/// <summary>The names by which rules know the actions of collections, with the names of PocketBase.</summary>
internal static class RateLimitTags
{
    private const string Collection = "/api/collections/{collection}/";
    private const string Records = Collection + "records";

    private static readonly FrozenDictionary<string, string[]> ByRoute = new Dictionary<string, string[]>
    {
        ["GET " + Records] = ["list"],
        ["POST " + Records] = ["create"],
        ["GET " + Records + "/{id}"] = ["view"],
        ["PATCH " + Records + "/{id}"] = ["update"],
        ["DELETE " + Records + "/{id}"] = ["delete"],
        ["GET /api/files/{collection}/{recordId}/{filename}"] = ["file"],
        ["GET " + Collection + "auth-methods"] = ["authMethods"],
        ["POST " + Collection + "auth-refresh"] = ["authRefresh"],
        ["POST " + Collection + "auth-with-password"] = ["authWithPassword", "auth"],
        ["POST " + Collection + "auth-with-oauth2"] = ["authWithOAuth2", "auth"],
        ["POST " + Collection + "auth-with-otp"] = ["authWithOTP", "auth"],
        ["POST " + Collection + "request-otp"] = ["requestOTP"],
        ["POST " + Collection + "request-password-reset"] = ["requestPasswordReset"],
        ["POST " + Collection + "confirm-password-reset"] = ["confirmPasswordReset"],
        ["POST " + Collection + "request-verification"] = ["requestVerification"],
        ["POST " + Collection + "confirm-verification"] = ["confirmVerification"],
        ["POST " + Collection + "request-email-change"] = ["requestEmailChange"],
        ["POST " + Collection + "confirm-email-change"] = ["confirmEmailChange"],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The routes that have tags.</summary>
    public static IReadOnlyCollection<string> Routes => ByRoute.Keys;

    /// <summary>The tags of a route, the most exact first; none for what is no action of a collection.</summary>
    public static string[] Of(string method, string template) =>
        ByRoute.TryGetValue($"{method} {template}", out var tags) ? tags : [];
}
