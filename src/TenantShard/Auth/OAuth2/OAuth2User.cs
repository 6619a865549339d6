using System.Text.Json;

namespace Platform.TenantShard.Auth.OAuth2;

/// <summary>A user as its provider describes it.</summary>
internal sealed record OAuth2User(string Id, string Name, string Username, string Email, string AvatarUrl)
{
    public string AccessToken { get; init; } = "";

    public string RefreshToken { get; init; } = "";

    public string Expiry { get; init; } = "";

    /// <summary>All that the provider said.</summary>
    public JsonElement Raw { get; init; }

    /// <summary>Writes the value of <c>meta</c> in the answer.</summary>
    public void Write(Utf8JsonWriter writer, bool isNew)
    {
        writer.WriteStartObject();
        writer.WriteString("expiry"u8, Expiry);
        writer.WritePropertyName("rawUser"u8);
        Raw.WriteTo(writer);
        writer.WriteString("id"u8, Id);
        writer.WriteString("name"u8, Name);
        writer.WriteString("username"u8, Username);
        writer.WriteString("email"u8, Email);
        writer.WriteString("avatarURL"u8, AvatarUrl);
        writer.WriteString("accessToken"u8, AccessToken);
        writer.WriteString("refreshToken"u8, RefreshToken);
        writer.WriteBoolean("isNew"u8, isNew);
        writer.WriteEndObject();
    }
}
