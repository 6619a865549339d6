using System.Security.Cryptography;

namespace Platform.TenantShard.Collections.Auth;

/// <summary>Makes the secrets of token options.</summary>
internal static class TokenSecret
{
    // 50 characters of 62 are about 297 bits: more than the 256 of the HMAC that they key.
    private const int Length = 50;

    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    public static string New() => RandomNumberGenerator.GetString(Alphabet, Length);
}
