using Platform.TenantShard.Auth.OAuth2;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Http;

namespace Platform.TenantShard.Auth;

/// <summary>The routes of record authentication.</summary>
internal static class AuthEndpoints
{
    /// <summary>The message over the mistakes of a body.</summary>
    public const string Invalid = "An error occurred while validating the submitted data.";

    public static void Map(RouteTable routes)
    {
        AuthWithPassword.Map(routes);
        AuthRefresh.Map(routes);
        AuthMethods.Map(routes);
        Impersonate.Map(routes);
        Verification.Map(routes);
        PasswordReset.Map(routes);
        EmailChange.Map(routes);
        RequestOtp.Map(routes);
        AuthWithOtp.Map(routes);
        AuthWithOAuth2.Map(routes);
        OAuth2Redirect.Map(routes);
        ProviderCatalogue.Map(routes);
        AppleClientSecret.Map(routes);
    }

    /// <summary>The auth collection of that id or name.</summary>
    /// <exception cref="ApiException">404 when there is none.</exception>
    public static Collection FindAuthCollection(ApiContext context) =>
        context.Schema.Find(context.Values.First) is { Type: CollectionType.Auth } collection
            ? collection
            : throw new ApiException(404, "Missing or invalid auth collection context.");
}
