namespace Platform.TenantShard.Auth.OAuth2;

/// <summary>
/// What is known of a provider. Its user's members are paths of names with dots; of several, the first that is there.
/// </summary>
internal sealed record OAuth2Preset(
    string Name, string DisplayName, string AuthUrl, string TokenUrl, string UserInfoUrl, string[] Scopes)
{
    public bool Pkce { get; init; } = true;

    public string[] Id { get; init; } = ["sub", "id"];

    public string[] UserName { get; init; } = ["name"];

    public string[] Username { get; init; } = ["preferred_username", "username"];

    public string[] Email { get; init; } = ["email"];

    /// <summary>A member that must be true for the address to count; empty = the provider vouches for it.</summary>
    public string EmailVerified { get; init; } = "";

    public string[] Avatar { get; init; } = ["picture"];

    /// <summary>Lists the user's addresses, for who keeps the own one private; empty = there is no such list.</summary>
    public string EmailsUrl { get; init; } = "";

    /// <summary>More parameters of the authorisation URL.</summary>
    public string AuthParameters { get; init; } = "";
}
