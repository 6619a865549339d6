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
            Colour = "#4285F4",
            EmailVerified = "email_verified",
        },
        new("github", "GitHub", "https://github.com/login/oauth/authorize",
            "https://github.com/login/oauth/access_token", "https://api.github.com/user", ["read:user", "user:email"])
        {
            Colour = "#24292F",
            Id = ["id"], Username = ["login"], Avatar = ["avatar_url"], EmailsUrl = "https://api.github.com/user/emails",
        },
        new("gitlab", "GitLab", "https://gitlab.com/oauth/authorize", "https://gitlab.com/oauth/token",
            "https://gitlab.com/api/v4/user", ["read_user"])
        {
            Colour = "#FC6D26",
            Id = ["id"], Avatar = ["avatar_url"],
        },
        new("microsoft", "Microsoft", "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
            "https://login.microsoftonline.com/common/oauth2/v2.0/token", "https://graph.microsoft.com/v1.0/me",
            ["User.Read"])
        {
            Colour = "#2F2F2F",
            Id = ["id"], UserName = ["displayName"], Email = ["mail"], Username = [], Avatar = [],
        },
        new("discord", "Discord", "https://discord.com/api/oauth2/authorize", "https://discord.com/api/oauth2/token",
            "https://discord.com/api/users/@me", ["identify", "email"])
        {
            Colour = "#5865F2",
            Id = ["id"], UserName = ["global_name", "username"], EmailVerified = "verified", Avatar = [],
        },
        new("facebook", "Facebook", "https://www.facebook.com/v20.0/dialog/oauth",
            "https://graph.facebook.com/v20.0/oauth/access_token",
            "https://graph.facebook.com/me?fields=name,email,picture.type(large)", ["email"])
        {
            Colour = "#0866FF",
            Id = ["id"], Username = [], Avatar = ["picture.data.url"],
        },
        // Its user is in the identity token; without a user URL that is where the members are read.
        new("apple", "Apple", "https://appleid.apple.com/auth/authorize", "https://appleid.apple.com/auth/token", "",
            ["name", "email"])
        {
            Colour = "#000000",
            EmailVerified = "email_verified", AuthParameters = "response_mode=form_post",
        },
        new("gitea", "Gitea", "https://gitea.com/login/oauth/authorize", "https://gitea.com/login/oauth/access_token",
            "https://gitea.com/api/v1/user", ["read:user", "user:email"])
        {
            Colour = "#609926",
            Id = ["id"], UserName = ["full_name"], Username = ["login"], Avatar = ["avatar_url"],
        },
        new("spotify", "Spotify", "https://accounts.spotify.com/authorize", "https://accounts.spotify.com/api/token",
            "https://api.spotify.com/v1/me", ["user-read-private"])
        {
            Colour = "#1DB954",
            Id = ["id"], UserName = ["display_name"], Username = [], Email = [], Avatar = ["images.0.url"],
        },
        new("linear", "Linear", "https://linear.app/oauth/authorize", "https://api.linear.app/oauth/token",
            "https://api.linear.app/userinfo", ["read"])
        {
            Colour = "#5E6AD2",
        },
        new("bitbucket", "Bitbucket", "https://bitbucket.org/site/oauth2/authorize",
            "https://bitbucket.org/site/oauth2/access_token", "https://api.bitbucket.org/2.0/user", ["account"])
        {
            Colour = "#0052CC",
            Id = ["uuid"], UserName = ["display_name"], Email = [], Avatar = ["links.avatar.href"],
        },
        new("box", "Box", "https://account.box.com/api/oauth2/authorize", "https://api.box.com/oauth2/token",
            "https://api.box.com/2.0/users/me", ["root_readonly"])
        {
            Colour = "#0061D5",
            Id = ["id"], Username = ["login"], Email = ["login"], Avatar = ["avatar_url"],
        },
        new("gitee", "Gitee", "https://gitee.com/oauth/authorize", "https://gitee.com/oauth/token",
            "https://gitee.com/api/v5/user", ["user_info", "emails"])
        {
            Colour = "#C71D23",
            Id = ["id"], Username = ["login"], Email = [], Avatar = ["avatar_url"],
        },
        new("kakao", "Kakao", "https://kauth.kakao.com/oauth/authorize", "https://kauth.kakao.com/oauth/token",
            "https://kapi.kakao.com/v2/user/me", ["account_email", "profile_nickname", "profile_image"])
        {
            Colour = "#3C1E1E",
            Id = ["id"], UserName = [], Username = ["properties.nickname"], Email = ["kakao_account.email"],
            EmailVerified = "kakao_account.is_email_verified", Avatar = ["properties.profile_image"],
        },
        new("livechat", "LiveChat", "https://accounts.livechat.com/", "https://accounts.livechat.com/token",
            "https://accounts.livechat.com/v2/accounts/me", [])
        {
            Colour = "#FF5100",
            Id = ["account_id"], Username = [], EmailVerified = "email_verified", Avatar = ["avatar_url"],
        },
        new("patreon", "Patreon", "https://www.patreon.com/oauth2/authorize",
            "https://www.patreon.com/api/oauth2/token",
            "https://www.patreon.com/api/oauth2/v2/identity?fields%5Buser%5D=full_name,email,vanity,image_url,is_email_verified",
            ["identity", "identity[email]"])
        {
            Colour = "#052D49",
            Id = ["data.id"], UserName = ["data.attributes.full_name"], Username = ["data.attributes.vanity"],
            Email = ["data.attributes.email"], EmailVerified = "data.attributes.is_email_verified",
            Avatar = ["data.attributes.image_url"],
        },
        new("strava", "Strava", "https://www.strava.com/oauth/authorize", "https://www.strava.com/api/v3/oauth/token",
            "https://www.strava.com/api/v3/athlete", ["profile:read_all"])
        {
            Colour = "#FC4C02",
            Id = ["id"], UserName = ["firstname"], Email = [], Avatar = ["profile"],
        },
        new("wakatime", "WakaTime", "https://wakatime.com/oauth/authorize", "https://wakatime.com/oauth/token",
            "https://wakatime.com/api/v1/users/current", ["email"])
        {
            Colour = "#000000",
            Id = ["data.id"], UserName = ["data.display_name"], Username = ["data.username"], Email = ["data.email"],
            EmailVerified = "data.is_email_confirmed", Avatar = ["data.photo"],
        },
        new("yandex", "Yandex", "https://oauth.yandex.com/authorize", "https://oauth.yandex.com/token",
            "https://login.yandex.ru/info", ["login:email", "login:avatar", "login:info"])
        {
            Colour = "#FC3F1D",
            Id = ["id"], UserName = ["real_name"], Username = ["login"], Email = ["default_email"], Avatar = [],
        },
        new("instagram2", "Instagram", "https://www.instagram.com/oauth/authorize",
            "https://api.instagram.com/oauth/access_token",
            "https://graph.instagram.com/me?fields=id,username,account_type,user_id,name,profile_picture_url",
            ["instagram_business_basic"])
        {
            Colour = "#C13584",
            Pkce = false, Id = ["user_id"], Username = ["username"], Email = [], Avatar = ["profile_picture_url"],
        },
        // Of mainland China; the collection's options name the URLs of other regions.
        new("lark", "Lark", "https://accounts.feishu.cn/open-apis/authen/v1/authorize",
            "https://open.feishu.cn/open-apis/authen/v2/oauth/token",
            "https://open.feishu.cn/open-apis/authen/v1/user_info", ["contact:user.email:readonly"])
        {
            Colour = "#3370FF",
            Id = ["data.union_id"], UserName = ["data.name"], Username = [], Email = ["data.email"],
            Avatar = ["data.avatar_url"],
        },
        // Runs at its owner's: the collection's options name the URLs.
        new("mailcow", "mailcow", "", "", "", ["profile"])
        {
            Colour = "#8B5E3C",
            Id = ["username", "id"], UserName = ["full_name", "displayName"], Username = ["username"], Avatar = [],
        },
        new("monday", "monday.com", "https://auth.monday.com/oauth2/authorize", "https://auth.monday.com/oauth2/token",
            "https://api.monday.com/v2", ["me:read"])
        {
            Colour = "#6161FF",
            UserInfoBody = """{"query":"query { me { id enabled name email is_verified photo_small } }"}""",
            Id = ["data.me.id"], UserName = ["data.me.name"], Username = [], Email = ["data.me.email"],
            EmailVerified = "data.me.is_verified", Avatar = ["data.me.photo_small"],
        },
        new("notion", "Notion", "https://api.notion.com/v1/oauth/authorize", "https://api.notion.com/v1/oauth/token",
            "https://api.notion.com/v1/users/me", [])
        {
            Colour = "#000000",
            Pkce = false, HasBasicCredentials = true, AuthParameters = "owner=user",
            UserInfoHeaders = [("Notion-Version", "2022-06-28")],
            Id = ["bot.owner.user.id"], UserName = ["bot.owner.user.name"], Username = [],
            Email = ["bot.owner.user.person.email"], Avatar = ["bot.owner.user.avatar_url"],
        },
        new("planningcenter", "Planning Center", "https://api.planningcenteronline.com/oauth/authorize",
            "https://api.planningcenteronline.com/oauth/token", "https://api.planningcenteronline.com/people/v2/me",
            ["people"])
        {
            Colour = "#2266F7",
            Id = ["data.id"], UserName = ["data.attributes.name"], Username = [], Email = [],
            Avatar = ["data.attributes.avatar"],
        },
        new("trakt", "Trakt", "https://trakt.tv/oauth/authorize", "https://api.trakt.tv/oauth/token",
            "https://api.trakt.tv/users/settings", [])
        {
            Colour = "#ED1C24",
            UserInfoHeaders = [("trakt-api-key", "{clientId}"), ("trakt-api-version", "2")],
            Id = ["user.ids.uuid"], UserName = ["user.name"], Username = ["user.username"], Email = [],
            Avatar = ["user.images.avatar.full"],
        },
        new("twitch", "Twitch", "https://id.twitch.tv/oauth2/authorize", "https://id.twitch.tv/oauth2/token",
            "https://api.twitch.tv/helix/users", ["user:read:email"])
        {
            Colour = "#9146FF",
            UserInfoHeaders = [("Client-Id", "{clientId}")],
            Id = ["data.0.id"], UserName = ["data.0.display_name"], Username = ["data.0.login"],
            Email = ["data.0.email"], Avatar = ["data.0.profile_image_url"],
        },
        // X tells the address only to clients that it has allowed to ask for it.
        new("twitter", "X/Twitter", "https://x.com/i/oauth2/authorize", "https://api.x.com/2/oauth2/token",
            "https://api.x.com/2/users/me?user.fields=id,name,username,profile_image_url,confirmed_email",
            ["users.read", "users.email", "tweet.read"])
        {
            Colour = "#000000",
            HasBasicCredentials = true,
            Id = ["data.id"], UserName = ["data.name"], Username = ["data.username"], Email = ["data.confirmed_email"],
            Avatar = ["data.profile_image_url"],
        },
        new("vk", "VK", "https://oauth.vk.com/authorize", "https://oauth.vk.com/access_token",
            "https://api.vk.com/method/users.get?fields=photo_max,screen_name&v=5.131", ["email"])
        {
            Colour = "#0077FF",
            Pkce = false, TokenEmail = "email",
            Id = ["response.0.id"], UserName = ["response.0.first_name"], Username = ["response.0.screen_name"],
            Avatar = ["response.0.photo_max"],
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
