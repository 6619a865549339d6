namespace Platform.TenantShard.Collections.Auth;

/// <summary>One-time passwords by e-mail.</summary>
internal sealed record OtpOptions(bool IsEnabled, long DurationSeconds, int Length, EmailTemplate EmailTemplate);
