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

    /// <summary>Headers that its API wants; <c>{clientId}</c> stands for the collection's client.</summary>
    public IReadOnlyList<(string Name, string Value)> UserInfoHeaders { get; init; } = [];

    /// <summary>A JSON body with which the user is asked for by POST; empty = by GET.</summary>
    public string UserInfoBody { get; init; } = "";

    /// <summary>
    /// The client's credentials go into the header of the token's request instead of its body (RFC 6749, 2.3.1).
    /// </summary>
    public bool HasBasicCredentials { get; init; }

    /// <summary>A member of the token's answer with the address; empty = the user has it.</summary>
    public string TokenEmail { get; init; } = "";

    /// <summary>Of its logo.</summary>
    public string Colour { get; init; } = "#666666";
}
