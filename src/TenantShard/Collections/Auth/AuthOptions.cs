namespace Platform.TenantShard.Collections.Auth;

/// <summary>The options of an auth collection; stored as the row's <c>options</c> JSON.</summary>
internal sealed record AuthOptions
{
    private const long Minute = 60;
    private const long Day = 24 * 60 * Minute;

    /// <summary>Who may log in: null = nobody, "" = every record, otherwise a filter.</summary>
    public string? AuthRule { get; init; } = "";

    /// <summary>Who may manage other records' credentials, beside superusers; null = nobody.</summary>
    public string? ManageRule { get; init; }

    public AuthAlertOptions AuthAlert { get; init; } = new(true, EmailTemplate.AuthAlert);

    public OAuth2Options OAuth2 { get; init; } = new(false, [], OAuth2MappedFields.None);

    public PasswordAuthOptions PasswordAuth { get; init; } = new(true, ["email"]);

    public MfaOptions Mfa { get; init; } = new(false, 30 * Minute, "");

    public OtpOptions Otp { get; init; } = new(false, 3 * Minute, 8, EmailTemplate.OneTimePassword);

    public TokenOptions AuthToken { get; init; } = new("", 7 * Day);

    public TokenOptions PasswordResetToken { get; init; } = new("", 30 * Minute);

    public TokenOptions EmailChangeToken { get; init; } = new("", 30 * Minute);

    public TokenOptions VerificationToken { get; init; } = new("", 3 * Day);

    public TokenOptions FileToken { get; init; } = new("", 3 * Minute);

    public EmailTemplate VerificationTemplate { get; init; } = EmailTemplate.Verification;

    public EmailTemplate ResetPasswordTemplate { get; init; } = EmailTemplate.PasswordReset;

    public EmailTemplate ConfirmEmailChangeTemplate { get; init; } = EmailTemplate.EmailChange;

    /// <summary>With a fresh secret for every token kind.</summary>
    public AuthOptions WithFreshSecrets() => this with
    {
        AuthToken = AuthToken with { Secret = TokenSecret.New() },
        PasswordResetToken = PasswordResetToken with { Secret = TokenSecret.New() },
        EmailChangeToken = EmailChangeToken with { Secret = TokenSecret.New() },
        VerificationToken = VerificationToken with { Secret = TokenSecret.New() },
        FileToken = FileToken with { Secret = TokenSecret.New() },
    };
}
