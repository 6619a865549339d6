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
        new("bitbucket", "Bitbucket", "https://bitbucket.org/site/oauth2/authorize",
            "https://bitbucket.org/site/oauth2/access_token", "https://api.bitbucket.org/2.0/user", ["account"])
        {
            Id = ["uuid"], UserName = ["display_name"], Email = [], Avatar = ["links.avatar.href"],
        },
        new("box", "Box", "https://account.box.com/api/oauth2/authorize", "https://api.box.com/oauth2/token",
            "https://api.box.com/2.0/users/me", ["root_readonly"])
        {
            Id = ["id"], Username = ["login"], Email = ["login"], Avatar = ["avatar_url"],
        },
        new("gitee", "Gitee", "https://gitee.com/oauth/authorize", "https://gitee.com/oauth/token",
            "https://gitee.com/api/v5/user", ["user_info", "emails"])
        {
            Id = ["id"], Username = ["login"], Email = [], Avatar = ["avatar_url"],
        },
        new("kakao", "Kakao", "https://kauth.kakao.com/oauth/authorize", "https://kauth.kakao.com/oauth/token",
            "https://kapi.kakao.com/v2/user/me", ["account_email", "profile_nickname", "profile_image"])
        {
            Id = ["id"], UserName = [], Username = ["properties.nickname"], Email = ["kakao_account.email"],
            EmailVerified = "kakao_account.is_email_verified", Avatar = ["properties.profile_image"],
        },
        new("livechat", "LiveChat", "https://accounts.livechat.com/", "https://accounts.livechat.com/token",
            "https://accounts.livechat.com/v2/accounts/me", [])
        {
            Id = ["account_id"], Username = [], EmailVerified = "email_verified", Avatar = ["avatar_url"],
        },
        new("patreon", "Patreon", "https://www.patreon.com/oauth2/authorize",
            "https://www.patreon.com/api/oauth2/token",
            "https://www.patreon.com/api/oauth2/v2/identity?fields%5Buser%5D=full_name,email,vanity,image_url,is_email_verified",
            ["identity", "identity[email]"])
        {
            Id = ["data.id"], UserName = ["data.attributes.full_name"], Username = ["data.attributes.vanity"],
            Email = ["data.attributes.email"], EmailVerified = "data.attributes.is_email_verified",
            Avatar = ["data.attributes.image_url"],
        },
        new("strava", "Strava", "https://www.strava.com/oauth/authorize", "https://www.strava.com/api/v3/oauth/token",
            "https://www.strava.com/api/v3/athlete", ["profile:read_all"])
        {
            Id = ["id"], UserName = ["firstname"], Email = [], Avatar = ["profile"],
        },
        new("wakatime", "WakaTime", "https://wakatime.com/oauth/authorize", "https://wakatime.com/oauth/token",
            "https://wakatime.com/api/v1/users/current", ["email"])
        {
            Id = ["data.id"], UserName = ["data.display_name"], Username = ["data.username"], Email = ["data.email"],
            EmailVerified = "data.is_email_confirmed", Avatar = ["data.photo"],
        },
        new("yandex", "Yandex", "https://oauth.yandex.com/authorize", "https://oauth.yandex.com/token",
            "https://login.yandex.ru/info", ["login:email", "login:avatar", "login:info"])
        {
            Id = ["id"], UserName = ["real_name"], Username = ["login"], Email = ["default_email"], Avatar = [],
        },
        Oidc("oidc"),
        Oidc("oidc2"),
        Oidc("oidc3"),
    ];

    /// <summary>All, in the order of their names.</summary>
    public static IReadOnlyList<OAuth2Preset> ByName { get; } =
        [.. All.OrderBy(static preset => preset.Name, StringComparer.Ordinal)];

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
