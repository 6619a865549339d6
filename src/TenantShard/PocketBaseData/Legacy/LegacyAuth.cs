using System.Text.Json;
using Platform.TenantShard.Collections.Auth;

namespace Platform.TenantShard.PocketBaseData.Legacy;

/// <summary>
/// The options of auth collections, which before 0.23 were partly the collection's (who logs in how) and partly the
/// settings' (secrets of tokens, e-mails, OAuth2 providers: the same for all collections).
/// </summary>
/// <param name="settings">The old settings; undefined when they could not be read.</param>
internal sealed class LegacyAuth(JsonElement settings)
{
    private const string ProviderSuffix = "Auth";

    /// <summary>The options of an auth collection.</summary>
    public AuthOptions Convert(JsonElement options)
    {
        var identities = new List<string>();
        if (options.Flag("allowEmailAuth")) identities.Add("email");
        if (options.Flag("allowUsernameAuth")) identities.Add("username");
        var converted = new AuthOptions
        {
            AuthRule = options.Flag("onlyVerified") ? "verified = true" : "",
            ManageRule = LegacyRules.Convert(
                options.Member("manageRule") is { ValueKind: JsonValueKind.String } rule ? rule.GetString() : null),
            PasswordAuth = new PasswordAuthOptions(
                identities.Count > 0, identities.Count > 0 ? identities : ["email"]),
            OAuth2 = new OAuth2Options(
                options.Flag("allowOAuth2Auth"), options.Flag("allowOAuth2Auth") ? Providers() : [],
                OAuth2MappedFields.None with { Username = "username" }),
        };
        return WithTokens(WithTemplates(converted), "record") with
        {
            EmailChangeToken = Token("recordEmailChangeToken", converted.EmailChangeToken),
            VerificationToken = Token("recordVerificationToken", converted.VerificationToken),
        };
    }

    /// <summary>The options of those who were admins.</summary>
    public AuthOptions ConvertAdmins() => WithTokens(
        new AuthOptions { AuthToken = new TokenOptions("", DurationSeconds: 24 * 60 * 60) }, "admin");

    private AuthOptions WithTokens(AuthOptions options, string prefix) => options with
    {
        AuthToken = Token(prefix + "AuthToken", options.AuthToken),
        PasswordResetToken = Token(prefix + "PasswordResetToken", options.PasswordResetToken),
        FileToken = Token(prefix + "FileToken", options.FileToken),
    };

    private AuthOptions WithTemplates(AuthOptions options)
    {
        var meta = settings.Member("meta");
        return options with
        {
            VerificationTemplate = Template(meta.Member("verificationTemplate"), options.VerificationTemplate),
            ResetPasswordTemplate = Template(meta.Member("resetPasswordTemplate"), options.ResetPasswordTemplate),
            ConfirmEmailChangeTemplate =
                Template(meta.Member("confirmEmailChangeTemplate"), options.ConfirmEmailChangeTemplate),
        };
    }

    private TokenOptions Token(string member, TokenOptions otherwise)
    {
        var token = settings.Member(member);
        return new TokenOptions(token.Text("secret"), token.Integer("duration") ?? otherwise.DurationSeconds);
    }

    // The link of an e-mail was an option of its own, which the text named.
    private static EmailTemplate Template(JsonElement template, EmailTemplate otherwise) =>
        template.Text("body").Length == 0
            ? otherwise
            : new EmailTemplate(
                template.Text("subject"),
                template.Text("body").Replace(
                    "{ACTION_URL}", template.Text("actionUrl"), StringComparison.Ordinal));

    private List<OAuth2Provider> Providers()
    {
        var providers = new List<OAuth2Provider>();
        if (settings.ValueKind != JsonValueKind.Object) return providers;
        foreach (var member in settings.EnumerateObject())
        {
            if (!member.Name.EndsWith(ProviderSuffix, StringComparison.Ordinal)
                || !member.Value.Flag("enabled") || member.Value.Text("clientId").Length == 0) continue;
            providers.Add(new OAuth2Provider
            {
                Name = member.Name[..^ProviderSuffix.Length],
                ClientId = member.Value.Text("clientId"),
                ClientSecret = member.Value.Text("clientSecret"),
                AuthUrl = member.Value.Text("authUrl"),
                TokenUrl = member.Value.Text("tokenUrl"),
                UserInfoUrl = member.Value.Text("userApiUrl"),
                DisplayName = member.Value.Text("displayName"),
                Pkce = member.Value.OptionalFlag("pkce"),
            });
        }

        return providers;
    }
}
