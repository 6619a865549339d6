namespace Platform.TenantShard.Collections.Auth;

/// <summary>
/// An e-mail with placeholders: <c>{APP_NAME} {APP_URL} {TOKEN} {OTP} {OTP_ID} {ALERT_INFO} {RECORD:field}</c>.
/// </summary>
internal sealed record EmailTemplate(string Subject, string Body)
{
    public static EmailTemplate Verification { get; } = new(
        "Verify your {APP_NAME} email",
        """
        <p>Hello,</p>
        <p>Welcome to {APP_NAME}. Please confirm that this email address is yours.</p>
        <p>
          <a class="btn" href="{APP_URL}/_/#/auth/confirm-verification/{TOKEN}" target="_blank"
            rel="noopener">Verify</a>
        </p>
        <p>The {APP_NAME} team</p>
        """);

    public static EmailTemplate PasswordReset { get; } = new(
        "Reset your {APP_NAME} password",
        """
        <p>Hello,</p>
        <p>Use this link to choose a new password.</p>
        <p>
          <a class="btn" href="{APP_URL}/_/#/auth/confirm-password-reset/{TOKEN}" target="_blank"
            rel="noopener">Reset password</a>
        </p>
        <p>If you did not ask for it, nothing has changed and no action is needed.</p>
        <p>The {APP_NAME} team</p>
        """);

    public static EmailTemplate EmailChange { get; } = new(
        "Confirm your {APP_NAME} new email address",
        """
        <p>Hello,</p>
        <p>Use this link to confirm your new email address.</p>
        <p>
          <a class="btn" href="{APP_URL}/_/#/auth/confirm-email-change/{TOKEN}" target="_blank"
            rel="noopener">Confirm new email</a>
        </p>
        <p>If you did not ask for it, nothing has changed and no action is needed.</p>
        <p>The {APP_NAME} team</p>
        """);

    public static EmailTemplate OneTimePassword { get; } = new(
        "OTP for {APP_NAME}",
        """
        <p>Hello,</p>
        <p>Your one-time password: <strong>{OTP}</strong></p>
        <p>If you did not ask for it, no action is needed.</p>
        <p>The {APP_NAME} team</p>
        """);

    public static EmailTemplate AuthAlert { get; } = new(
        "Login from a new location",
        """
        <p>Hello,</p>
        <p>Someone signed in to your {APP_NAME} account from a new location:</p>
        <p><em>{ALERT_INFO}</em></p>
        <p>If it was you, no action is needed.</p>
        <p><strong>If not, change your {APP_NAME} password now: this ends all other sessions.</strong></p>
        <p>The {APP_NAME} team</p>
        """);
}
