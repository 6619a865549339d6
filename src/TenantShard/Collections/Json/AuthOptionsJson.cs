using System.Text.Json;
using Platform.TenantShard.Collections.Auth;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Collections.Json;

/// <summary>
/// The JSON of auth options: stored with secrets, shown without. In the API they stand beside the collection's own
/// members.
/// </summary>
internal static class AuthOptionsJson
{
    /// <summary>Reads what a row stores.</summary>
    public static AuthOptions Read(JsonElement stored) => Merge(stored, new AuthOptions(), new FieldErrorTree());

    /// <summary>Reads the members of a request over the current options.</summary>
    public static AuthOptions Merge(JsonElement source, AuthOptions current, FieldErrorTree errors)
    {
        var json = new JsonObjectReader(source, errors);
        return current with
        {
            AuthRule = json.Rule("authRule", current.AuthRule),
            ManageRule = json.Rule("manageRule", current.ManageRule),
            AuthAlert = ReadAlert(json.Object("authAlert"), current.AuthAlert),
            OAuth2 = ReadOAuth2(json.Object("oauth2"), current.OAuth2),
            PasswordAuth = ReadPasswordAuth(json.Object("passwordAuth"), current.PasswordAuth),
            Mfa = ReadMfa(json.Object("mfa"), current.Mfa),
            Otp = ReadOtp(json.Object("otp"), current.Otp),
            AuthToken = ReadToken(json.Object("authToken"), current.AuthToken),
            PasswordResetToken = ReadToken(json.Object("passwordResetToken"), current.PasswordResetToken),
            EmailChangeToken = ReadToken(json.Object("emailChangeToken"), current.EmailChangeToken),
            VerificationToken = ReadToken(json.Object("verificationToken"), current.VerificationToken),
            FileToken = ReadToken(json.Object("fileToken"), current.FileToken),
            VerificationTemplate = ReadTemplate(json.Object("verificationTemplate"), current.VerificationTemplate),
            ResetPasswordTemplate = ReadTemplate(json.Object("resetPasswordTemplate"), current.ResetPasswordTemplate),
            ConfirmEmailChangeTemplate =
                ReadTemplate(json.Object("confirmEmailChangeTemplate"), current.ConfirmEmailChangeTemplate),
        };
    }

    /// <summary>Writes the members into an open object.</summary>
    public static void WriteMembers(Utf8JsonWriter writer, AuthOptions options, bool withSecrets)
    {
        writer.WriteString("authRule", options.AuthRule);
        writer.WriteString("manageRule", options.ManageRule);
        writer.WriteStartObject("authAlert");
        writer.WriteBoolean("enabled", options.AuthAlert.IsEnabled);
        WriteTemplate(writer, "emailTemplate", options.AuthAlert.EmailTemplate);
        writer.WriteEndObject();
        WriteOAuth2(writer, options.OAuth2, withSecrets);
        WritePasswordAuth(writer, options.PasswordAuth);
        writer.WriteStartObject("mfa");
        writer.WriteBoolean("enabled", options.Mfa.IsEnabled);
        writer.WriteNumber("duration", options.Mfa.DurationSeconds);
        writer.WriteString("rule", options.Mfa.Rule);
        writer.WriteEndObject();
        WriteOtp(writer, options.Otp);
        WriteToken(writer, "authToken", options.AuthToken, withSecrets);
        WriteToken(writer, "passwordResetToken", options.PasswordResetToken, withSecrets);
        WriteToken(writer, "emailChangeToken", options.EmailChangeToken, withSecrets);
        WriteToken(writer, "verificationToken", options.VerificationToken, withSecrets);
        WriteToken(writer, "fileToken", options.FileToken, withSecrets);
        WriteTemplate(writer, "verificationTemplate", options.VerificationTemplate);
        WriteTemplate(writer, "resetPasswordTemplate", options.ResetPasswordTemplate);
        WriteTemplate(writer, "confirmEmailChangeTemplate", options.ConfirmEmailChangeTemplate);
    }

    private static AuthAlertOptions ReadAlert(JsonObjectReader json, AuthAlertOptions current) => new(
        json.Flag("enabled", current.IsEnabled), ReadTemplate(json.Object("emailTemplate"), current.EmailTemplate));

    private static PasswordAuthOptions ReadPasswordAuth(JsonObjectReader json, PasswordAuthOptions current) => new(
        json.Flag("enabled", current.IsEnabled),
        [.. (json.Texts("identityFields", current.IdentityFields) ?? []).Distinct(StringComparer.Ordinal)]);

    private static MfaOptions ReadMfa(JsonObjectReader json, MfaOptions current) => new(
        json.Flag("enabled", current.IsEnabled),
        json.Integer("duration", current.DurationSeconds),
        json.Text("rule", current.Rule));

    private static OtpOptions ReadOtp(JsonObjectReader json, OtpOptions current) => new(
        json.Flag("enabled", current.IsEnabled),
        json.Integer("duration", current.DurationSeconds),
        json.SmallInteger("length", current.Length),
        ReadTemplate(json.Object("emailTemplate"), current.EmailTemplate));

    private static TokenOptions ReadToken(JsonObjectReader json, TokenOptions current) => new(
        json.Text("secret", current.Secret), json.Integer("duration", current.DurationSeconds));

    private static EmailTemplate ReadTemplate(JsonObjectReader json, EmailTemplate current) => new(
        json.Text("subject", current.Subject), json.Text("body", current.Body));

    private static OAuth2Options ReadOAuth2(JsonObjectReader json, OAuth2Options current)
    {
        var mapped = json.Object("mappedFields");
        return new OAuth2Options(
            json.Flag("enabled", current.IsEnabled),
            json.List("providers") is { } providers ? ReadProviders(providers, json, current) : current.Providers,
            new OAuth2MappedFields(
                mapped.Text("id", current.MappedFields.Id),
                mapped.Text("name", current.MappedFields.Name),
                mapped.Text("username", current.MappedFields.Username),
                mapped.Text("avatarURL", current.MappedFields.AvatarUrl)));
    }

    private static List<OAuth2Provider> ReadProviders(JsonElement list, JsonObjectReader json, OAuth2Options current)
    {
        var providers = new List<OAuth2Provider>(list.GetArrayLength());
        foreach (var item in list.EnumerateArray())
        {
            var errors = json.Errors.At("providers").At(providers.Count);
            var provider = ReadProvider(new JsonObjectReader(item, errors));
            // The API never shows client secrets, so a client that sends back what it was shown sends none.
            if (provider.ClientSecret.Length == 0
                && current.Providers.FirstOrDefault(known => known.Name == provider.Name) is { } known)
                provider = provider with { ClientSecret = known.ClientSecret };
            providers.Add(provider);
        }

        return providers;
    }

    private static OAuth2Provider ReadProvider(JsonObjectReader json) => new()
    {
        Pkce = json.OptionalFlag("pkce", null),
        Name = json.Text("name", ""),
        ClientId = json.Text("clientId", ""),
        ClientSecret = json.Text("clientSecret", ""),
        AuthUrl = json.Text("authURL", ""),
        TokenUrl = json.Text("tokenURL", ""),
        UserInfoUrl = json.Text("userInfoURL", ""),
        DisplayName = json.Text("displayName", ""),
        Logo = json.Text("logo", ""),
        Extra = json.TryGet("extra", out var extra) && extra.ValueKind == JsonValueKind.Object ? extra.Clone() : null,
    };

    private static void WriteOAuth2(Utf8JsonWriter writer, OAuth2Options options, bool withSecrets)
    {
        writer.WriteStartObject("oauth2");
        writer.WriteStartArray("providers");
        foreach (var provider in options.Providers) WriteProvider(writer, provider, withSecrets);
        writer.WriteEndArray();
        writer.WriteStartObject("mappedFields");
        writer.WriteString("id", options.MappedFields.Id);
        writer.WriteString("name", options.MappedFields.Name);
        writer.WriteString("username", options.MappedFields.Username);
        writer.WriteString("avatarURL", options.MappedFields.AvatarUrl);
        writer.WriteEndObject();
        writer.WriteBoolean("enabled", options.IsEnabled);
        writer.WriteEndObject();
    }

    private static void WriteProvider(Utf8JsonWriter writer, OAuth2Provider provider, bool withSecrets)
    {
        writer.WriteStartObject();
        if (provider.Pkce is { } pkce) writer.WriteBoolean("pkce", pkce);
        else writer.WriteNull("pkce");
        writer.WriteString("name", provider.Name);
        writer.WriteString("clientId", provider.ClientId);
        if (withSecrets) writer.WriteString("clientSecret", provider.ClientSecret);
        writer.WriteString("authURL", provider.AuthUrl);
        writer.WriteString("tokenURL", provider.TokenUrl);
        writer.WriteString("userInfoURL", provider.UserInfoUrl);
        writer.WriteString("displayName", provider.DisplayName);
        if (provider.Logo.Length > 0) writer.WriteString("logo", provider.Logo);
        writer.WritePropertyName("extra");
        if (provider.Extra is { } extra) extra.WriteTo(writer);
        else writer.WriteNullValue();
        writer.WriteEndObject();
    }

    private static void WritePasswordAuth(Utf8JsonWriter writer, PasswordAuthOptions options)
    {
        writer.WriteStartObject("passwordAuth");
        writer.WriteBoolean("enabled", options.IsEnabled);
        writer.WriteStartArray("identityFields");
        foreach (var field in options.IdentityFields) writer.WriteStringValue(field);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteOtp(Utf8JsonWriter writer, OtpOptions options)
    {
        writer.WriteStartObject("otp");
        writer.WriteBoolean("enabled", options.IsEnabled);
        writer.WriteNumber("duration", options.DurationSeconds);
        writer.WriteNumber("length", options.Length);
        WriteTemplate(writer, "emailTemplate", options.EmailTemplate);
        writer.WriteEndObject();
    }

    private static void WriteToken(Utf8JsonWriter writer, string name, TokenOptions token, bool withSecrets)
    {
        writer.WriteStartObject(name);
        if (withSecrets) writer.WriteString("secret", token.Secret);
        writer.WriteNumber("duration", token.DurationSeconds);
        writer.WriteEndObject();
    }

    private static void WriteTemplate(Utf8JsonWriter writer, string name, EmailTemplate template)
    {
        writer.WriteStartObject(name);
        writer.WriteString("subject", template.Subject);
        writer.WriteString("body", template.Body);
        writer.WriteEndObject();
    }
}
