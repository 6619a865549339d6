namespace Platform.TenantShard.Auth.OAuth2;

/// <summary>What a client brings back from a provider.</summary>
/// <param name="Code">To be exchanged for a token.</param>
/// <param name="Verifier">Proves that the same client began the login.</param>
/// <param name="RedirectUrl">Where the provider has sent it.</param>
internal sealed record OAuth2Code(string Code, string Verifier, string RedirectUrl);
