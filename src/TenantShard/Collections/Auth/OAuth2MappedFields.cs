namespace Platform.TenantShard.Collections.Auth;

/// <summary>The record's fields that are filled from the provider's user on sign-up; empty = not filled.</summary>
internal sealed record OAuth2MappedFields(string Id, string Name, string Username, string AvatarUrl)
{
    public static OAuth2MappedFields None { get; } = new("", "", "", "");
}
