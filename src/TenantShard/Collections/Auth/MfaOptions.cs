namespace Platform.TenantShard.Collections.Auth;

/// <summary>Multi-factor authentication: a second method within the duration.</summary>
/// <param name="IsEnabled">Asks for two methods.</param>
/// <param name="DurationSeconds">How long the first method counts.</param>
/// <param name="Rule">Only for records that meet it; empty = all.</param>
internal sealed record MfaOptions(bool IsEnabled, long DurationSeconds, string Rule);
