using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Platform.TenantShard.Collections;

namespace Platform.TenantShard.Auth;

/// <summary>
/// Tokens: JWT (RFC 7519) signed with HS256 and nothing else, so that no token chooses how it is checked.
/// <c>base64url(header) . base64url(claims) . base64url(HMAC-SHA256(key, header . claims))</c>
/// </summary>
internal static class JsonWebToken
{
    /// <summary>Longer ones are refused unread; the platform's own have about 330 characters.</summary>
    public const int LengthMax = 2048;

    private const string Header = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"; // {"alg":"HS256","typ":"JWT"}

    /// <summary>Signs the claims; members in the order of their names, as Go writes them.</summary>
    public static string Create(TokenClaims claims, string key)
    {
        var payload = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(payload))
        {
            writer.WriteStartObject();
            writer.WriteString("collectionId"u8, claims.CollectionId);
            if (claims.Email is not null) writer.WriteString("email"u8, claims.Email);
            writer.WriteNumber("exp"u8, claims.ExpiresAt);
            writer.WriteString("id"u8, claims.Id);
            if (claims.NewEmail is not null) writer.WriteString("newEmail"u8, claims.NewEmail);
            if (claims.Type == TokenClaims.AuthType) writer.WriteBoolean("refreshable"u8, claims.IsRefreshable);
            if (claims.TenantId is not null) writer.WriteString("tenantId"u8, claims.TenantId);
            writer.WriteString("type"u8, claims.Type);
            writer.WriteEndObject();
        }

        var signed = $"{Header}.{Base64Url.EncodeToString(payload.WrittenSpan)}";
        return $"{signed}.{Base64Url.EncodeToString(Sign(signed, key))}";
    }

    /// <summary>Reads the claims without checking the signature: they tell which key to check it with.</summary>
    public static bool TryRead(string token, [NotNullWhen(true)] out TokenClaims? claims)
    {
        claims = null;
        if (token.Length > LengthMax || !TrySplit(token, out var header, out var payload, out _)) return false;
        try
        {
            if (!IsHs256(Base64Url.DecodeFromChars(header))) return false;
            claims = ReadClaims(Base64Url.DecodeFromChars(payload));
            return claims is not null;
        }
        catch (Exception error) when (error is FormatException or JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Checks the signature in a time that does not depend on where it differs.</summary>
    public static bool IsSignedWith(string token, string key)
    {
        if (!TrySplit(token, out var header, out var payload, out var signature)) return false;
        Span<byte> actual = stackalloc byte[HMACSHA256.HashSizeInBytes];
        // The Try method throws for characters that are no base64; this one says so.
        if (Base64Url.DecodeFromChars(signature, actual, out _, out var length) != OperationStatus.Done) return false;
        var expected = Sign(token[..(header.Length + 1 + payload.Length)], key);
        return CryptographicOperations.FixedTimeEquals(actual[..length], expected);
    }

    private static byte[] Sign(string signed, string key) =>
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.ASCII.GetBytes(signed));

    private static bool TrySplit(
        ReadOnlySpan<char> token,
        out ReadOnlySpan<char> header,
        out ReadOnlySpan<char> payload,
        out ReadOnlySpan<char> signature)
    {
        header = payload = signature = default;
        Span<Range> parts = stackalloc Range[4];
        if (token.Split(parts, '.') != 3) return false;
        header = token[parts[0]];
        payload = token[parts[1]];
        signature = token[parts[2]];
        return true;
    }

    private static bool IsHs256(byte[] header)
    {
        using var document = JsonDocument.Parse(header);
        return document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty("alg"u8, out var algorithm)
            && algorithm.ValueKind == JsonValueKind.String
            && algorithm.ValueEquals("HS256"u8);
    }

    private static TokenClaims? ReadClaims(byte[] payload)
    {
        using var document = JsonDocument.Parse(payload);
        var claims = document.RootElement;
        if (claims.ValueKind != JsonValueKind.Object
            || Text(claims, "type") is not { } type
            || Text(claims, "id") is not { Length: > 0 } id
            || CollectionId(claims, type) is not { Length: > 0 } collectionId
            || !claims.TryGetProperty("exp"u8, out var expires)
            || expires.ValueKind != JsonValueKind.Number
            || !expires.TryGetDouble(out var expiresAt)
            || expiresAt is not (> 0 and < long.MaxValue)) return null;
        var isLegacy = type is TokenClaims.LegacyRecordType or TokenClaims.LegacyAdminType;
        return new TokenClaims
        {
            Type = isLegacy ? TokenClaims.AuthType : type,
            Id = id,
            CollectionId = collectionId,
            ExpiresAt = (long)expiresAt,
            IsRefreshable = isLegacy
                || (claims.TryGetProperty("refreshable"u8, out var flag) && flag.ValueKind == JsonValueKind.True),
            IsLegacy = isLegacy,
            TenantId = Text(claims, "tenantId"),
            Email = Text(claims, "email"),
            NewEmail = Text(claims, "newEmail"),
        };
    }

    /// <summary>Admins were of no collection; they are superusers now.</summary>
    private static string? CollectionId(JsonElement claims, string type) => type == TokenClaims.LegacyAdminType
        ? GeneratedId.ForCollection("auth", SystemCollections.Superusers)
        : Text(claims, "collectionId");

    private static string? Text(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
