namespace Platform.TenantShard.Collections.Auth;

/// <summary>Login with a password.</summary>
/// <param name="IsEnabled">Allows it.</param>
/// <param name="IdentityFields">Fields with a unique index that may stand beside the password.</param>
internal sealed record PasswordAuthOptions(bool IsEnabled, IReadOnlyList<string> IdentityFields);
