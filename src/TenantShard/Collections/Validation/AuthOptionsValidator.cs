using Platform.TenantShard.Collections.Auth;
using Platform.TenantShard.Collections.Indexes;
using Platform.TenantShard.Errors;

namespace Platform.TenantShard.Collections.Validation;

/// <summary>Checks the options of an auth collection; its rules are checked with the others.</summary>
internal static class AuthOptionsValidator
{
    private const int SecretLengthMin = 30;
    private const int SecretLengthMax = 255;
    private const long DurationMin = 10;

    // About three years.
    private const long TokenDurationMax = 94670856;

    private const long Day = 86400;

    public static void Check(Collection collection, AuthOptions options, FieldErrorTree errors)
    {
        CheckToken("authToken", options.AuthToken, errors);
        CheckToken("passwordResetToken", options.PasswordResetToken, errors);
        CheckToken("emailChangeToken", options.EmailChangeToken, errors);
        CheckToken("verificationToken", options.VerificationToken, errors);
        CheckToken("fileToken", options.FileToken, errors);
        CheckTemplate(options.VerificationTemplate, errors.At("verificationTemplate"));
        CheckTemplate(options.ResetPasswordTemplate, errors.At("resetPasswordTemplate"));
        CheckTemplate(options.ConfirmEmailChangeTemplate, errors.At("confirmEmailChangeTemplate"));
        CheckTemplate(options.AuthAlert.EmailTemplate, errors.At("authAlert").At("emailTemplate"));
        CheckTemplate(options.Otp.EmailTemplate, errors.At("otp").At("emailTemplate"));
        if (options.ManageRule?.Length == 0)
            errors.Add("manageRule", "validation_nil_or_not_empty_required", "Cannot be blank.");
        CheckPasswordAuth(collection, options.PasswordAuth, errors.At("passwordAuth"));
        CheckOtp(options.Otp, errors.At("otp"));
        CheckMfa(options, errors.At("mfa"));
        if (options.OAuth2.IsEnabled) CheckProviders(options.OAuth2, errors.At("oauth2").At("providers"));
    }

    private static void CheckToken(string member, TokenOptions token, FieldErrorTree errors)
    {
        if (token.Secret.Length is < SecretLengthMin or > SecretLengthMax)
            errors.At(member).AddLength("secret", SecretLengthMin, SecretLengthMax);
        errors.At(member).CheckRange("duration", token.DurationSeconds, DurationMin, TokenDurationMax);
    }

    private static void CheckTemplate(EmailTemplate template, FieldErrorTree errors)
    {
        if (template.Subject.Length == 0) errors.AddRequired("subject");
        if (template.Body.Length == 0) errors.AddRequired("body");
    }

    private static void CheckPasswordAuth(Collection collection, PasswordAuthOptions options, FieldErrorTree errors)
    {
        if (!options.IsEnabled) return;
        if (options.IdentityFields.Count == 0) errors.AddRequired("identityFields");
        foreach (var name in options.IdentityFields)
        {
            if (collection.FindField(name)?.Name != name)
                errors.Add("identityFields", "validation_missing_field", $"Invalid or missing field {name}.");
            else if (!IndexDefinition.HasUnique(collection.Indexes, name))
                errors.Add("identityFields", "validation_missing_unique_constraint",
                    $"The field {name} doesn't have a UNIQUE constraint.");
        }
    }

    private static void CheckOtp(OtpOptions options, FieldErrorTree errors)
    {
        if (!options.IsEnabled) return;
        errors.CheckRange("duration", options.DurationSeconds, DurationMin, Day);
        errors.CheckRange("length", options.Length, 4, 64);
    }

    private static void CheckMfa(AuthOptions options, FieldErrorTree errors)
    {
        if (!options.Mfa.IsEnabled) return;
        errors.CheckRange("duration", options.Mfa.DurationSeconds, DurationMin, Day);
        var methods = (options.PasswordAuth.IsEnabled ? 1 : 0) + (options.OAuth2.IsEnabled ? 1 : 0)
            + (options.Otp.IsEnabled ? 1 : 0);
        if (methods < 2)
            errors.Add("enabled", "validation_mfa_not_enough_auths",
                "MFA requires at least 2 auth methods to be enabled.");
    }

    private static void CheckProviders(OAuth2Options options, FieldErrorTree errors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < options.Providers.Count; index++)
        {
            var provider = options.Providers[index];
            var providerErrors = errors.At(index);
            if (provider.Name.Length == 0) providerErrors.AddRequired("name");
            else if (!names.Add(provider.Name))
                providerErrors.Add("name", "validation_duplicated_provider",
                    $"The provider {provider.Name} is already registered.");
            if (provider.ClientId.Length == 0) providerErrors.AddRequired("clientId");
            if (provider.ClientSecret.Length == 0) providerErrors.AddRequired("clientSecret");
            CheckUrl("authURL", provider.AuthUrl, providerErrors);
            CheckUrl("tokenURL", provider.TokenUrl, providerErrors);
            CheckUrl("userInfoURL", provider.UserInfoUrl, providerErrors);
        }
    }

    private static void CheckUrl(string member, string url, FieldErrorTree errors)
    {
        if (url.Length == 0) return;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https"))
            errors.Add(member, "validation_is_url", "Must be a valid URL.");
    }
}
