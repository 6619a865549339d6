using Platform.TenantShard.Collections.Auth;

namespace Platform.TenantShard.Auth.OAuth2;

/// <summary>The providers that a collection may name, as data.</summary>
internal static class OAuth2Presets
{
    private static readonly string[] OidcScopes = ["openid", "email", "profile"];

    private static readonly OAuth2Preset[] All =
    [
        new("google", "Google", "https://accounts.google.com/o/oauth2/v2/auth", "https://oauth2.googleapis.com/token",
            "https://www.googleapis.com/oauth2/v3/userinfo",
            ["https://www.googleapis.com/auth/userinfo.profile", "https://www.googleapis.com/auth/userinfo.email"])
        {
            EmailVerified = "email_verified",
        },
        new("github", "GitHub", "https://github.com/login/oauth/authorize",
            "https://github.com/login/oauth/access_token", "https://api.github.com/user", ["read:user", "user:email"])
        {
            Id = ["id"], Username = ["login"], Avatar = ["avatar_url"], EmailsUrl = "https://api.github.com/user/emails",
        },
        new("gitlab", "GitLab", "https://gitlab.com/oauth/authorize", "https://gitlab.com/oauth/token",
            "https://gitlab.com/api/v4/user", ["read_user"])
        {
            Id = ["id"], Avatar = ["avatar_url"],
        },
        new("microsoft", "Microsoft", "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
            "https://login.microsoftonline.com/common/oauth2/v2.0/token", "https://graph.microsoft.com/v1.0/me",
            ["User.Read"])
        {
            Id = ["id"], UserName = ["displayName"], Email = ["mail"], Username = [], Avatar = [],
        },
        new("discord", "Discord", "https://discord.com/api/oauth2/authorize", "https://discord.com/api/oauth2/token",
            "https://discord.com/api/users/@me", ["identify", "email"])
        {
            Id = ["id"], UserName = ["global_name", "username"], EmailVerified = "verified", Avatar = [],
        },
        new("facebook", "Facebook", "https://www.facebook.com/v20.0/dialog/oauth",
            "https://graph.facebook.com/v20.0/oauth/access_token",
            "https://graph.facebook.com/me?fields=name,email,picture.type(large)", ["email"])
        {
            Id = ["id"], Username = [], Avatar = ["picture.data.url"],
        },
        // Its user is in the identity token; without a user URL that is where the members are read.
        new("apple", "Apple", "https://appleid.apple.com/auth/authorize", "https://appleid.apple.com/auth/token", "",
            ["name", "email"])
        {
            EmailVerified = "email_verified", AuthParameters = "response_mode=form_post",
        },
        new("gitea", "Gitea", "https://gitea.com/login/oauth/authorize", "https://gitea.com/login/oauth/access_token",
            "https://gitea.com/api/v1/user", ["read:user", "user:email"])
        {
            Id = ["id"], UserName = ["full_name"], Username = ["login"], Avatar = ["avatar_url"],
        },
        new("spotify", "Spotify", "https://accounts.spotify.com/authorize", "https://accounts.spotify.com/api/token",
            "https://api.spotify.com/v1/me", ["user-read-private"])
        {
            Id = ["id"], UserName = ["display_name"], Username = [], Email = [], Avatar = ["images.0.url"],
        },
        new("linear", "Linear", "https://linear.app/oauth/authorize", "https://api.linear.app/oauth/token",
            "https://api.linear.app/userinfo", ["read"]),
        Oidc("oidc"),
        Oidc("oidc2"),
        Oidc("oidc3"),
    ];

    public static OAuth2Preset? Find(string name) => Array.Find(All, preset => preset.Name == name);

    /// <summary>The preset with what the collection's options override; null for an unknown provider.</summary>
    public static OAuth2Preset? For(OAuth2Provider provider) => Find(provider.Name) is { } preset
        ? preset with
        {
            DisplayName = Or(provider.DisplayName, preset.DisplayName),
            AuthUrl = Or(provider.AuthUrl, preset.AuthUrl),
            TokenUrl = Or(provider.TokenUrl, preset.TokenUrl),
            UserInfoUrl = Or(provider.UserInfoUrl, preset.UserInfoUrl),
            Pkce = provider.Pkce ?? preset.Pkce,
        }
        : null;

    private static OAuth2Preset Oidc(string name) => new(name, "OIDC", "", "", "", OidcScopes)
    {
        EmailVerified = "email_verified",
    };

    private static string Or(string text, string other) => text.Length > 0 ? text : other;
}
