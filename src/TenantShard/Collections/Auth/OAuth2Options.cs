namespace Platform.TenantShard.Collections.Auth;

/// <summary>Login with other services.</summary>
internal sealed record OAuth2Options(
    bool IsEnabled, IReadOnlyList<OAuth2Provider> Providers, OAuth2MappedFields MappedFields);
