using System.Text.Json;

namespace Platform.TenantShard.Collections.Auth;

/// <summary>An OAuth2 provider with its credentials; empty URLs mean the provider's well-known ones.</summary>
internal sealed record OAuth2Provider
{
    /// <summary>Overrides the provider's default for proof keys.</summary>
    public bool? Pkce { get; init; }

    public string Name { get; init; } = "";

    public string ClientId { get; init; } = "";

    public string ClientSecret { get; init; } = "";

    public string AuthUrl { get; init; } = "";

    public string TokenUrl { get; init; } = "";

    public string UserInfoUrl { get; init; } = "";

    public string DisplayName { get; init; } = "";

    /// <summary>A picture that replaces the provider's own in the admin UI: an SVG or a URL, kept as it is.</summary>
    public string Logo { get; init; } = "";

    /// <summary>Provider-specific options: an object, or null.</summary>
    public JsonElement? Extra { get; init; }
}
