namespace Platform.TenantShard.Collections.Auth;

/// <summary>The e-mail after a login from a place not seen before.</summary>
internal sealed record AuthAlertOptions(bool IsEnabled, EmailTemplate EmailTemplate);
