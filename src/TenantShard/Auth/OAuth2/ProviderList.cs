using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Platform.TenantShard.Collections.Auth;

namespace Platform.TenantShard.Auth.OAuth2;

/// <summary>Lists the providers of a collection, each with a fresh state and proof key (RFC 7636).</summary>
internal static class ProviderList
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    public static void Write(Utf8JsonWriter writer, OAuth2Options options)
    {
        writer.WriteStartArray("providers"u8);
        foreach (var provider in options.IsEnabled ? options.Providers : [])
            if (OAuth2Presets.For(provider) is { } preset) Write(writer, provider, preset);
        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, OAuth2Provider provider, OAuth2Preset preset)
    {
        var state = RandomNumberGenerator.GetString(Alphabet, 30);
        var verifier = preset.Pkce ? RandomNumberGenerator.GetString(Alphabet, 43) : "";
        var challenge = preset.Pkce ? Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))) : "";
        var url = BuildUrl(provider, preset, state, challenge);
        writer.WriteStartObject();
        writer.WriteString("name"u8, provider.Name);
        writer.WriteString("displayName"u8, preset.DisplayName);
        writer.WriteString("state"u8, state);
        writer.WriteString("authURL"u8, url);
        writer.WriteString("authUrl"u8, url);
        writer.WriteString("codeVerifier"u8, verifier);
        writer.WriteString("codeChallenge"u8, challenge);
        writer.WriteString("codeChallengeMethod"u8, preset.Pkce ? "S256" : "");
        writer.WriteEndObject();
    }

    /// <summary>Ends with the parameter that clients complete: where they want to be sent back.</summary>
    private static string BuildUrl(OAuth2Provider provider, OAuth2Preset preset, string state, string challenge)
    {
        var url = new StringBuilder(preset.AuthUrl).Append(preset.AuthUrl.Contains('?') ? '&' : '?');
        url.Append("client_id=").Append(Uri.EscapeDataString(provider.ClientId));
        if (challenge.Length > 0) url.Append("&code_challenge=").Append(challenge).Append("&code_challenge_method=S256");
        url.Append("&response_type=code&scope=").Append(Uri.EscapeDataString(string.Join(' ', preset.Scopes)));
        if (preset.AuthParameters.Length > 0) url.Append('&').Append(preset.AuthParameters);
        return url.Append("&state=").Append(state).Append("&redirect_uri=").ToString();
    }
}
