using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Platform.Gateway.Resolution;

/// <summary>
/// Reads the tenant's claim from the payload of a JSON Web Token (RFC 7519, section 3) without verifying it. A forged
/// claim gains nothing: it only chooses the shard, and that shard verifies the token with its own key.
/// </summary>
internal static class TokenClaim
{
    /// <summary>Longest token that is looked into, in characters: the usual limit of one header line.</summary>
    public const int TokenLengthMax = 8 * 1024;

    private const int StackBytesMax = 1024;

    /// <summary>
    /// True when <paramref name="authorization"/> is a token with a tenant claim. <paramref name="written"/> counts the
    /// characters of the claim in <paramref name="claim"/>, or is -1 when the claim cannot be a tenant id: not text,
    /// too long, or given more than once.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<char> authorization, Span<char> claim, out int written)
    {
        written = -1;
        if (!TryFindPayload(authorization, out var payload)) return false;

        byte[]? rented = null;
        var bytesMax = payload.Length;
        var bytes = bytesMax <= StackBytesMax
            ? stackalloc byte[StackBytesMax]
            : rented = ArrayPool<byte>.Shared.Rent(bytesMax);
        try
        {
            return Base64Url.TryDecodeFromChars(payload, bytes, out var count)
                && TryReadPayload(bytes[..count], claim, out written);
        }
        catch (FormatException)
        {
            // Not base64url, so not a token of any tenant's; the header may hold another scheme altogether.
            return false;
        }
        finally
        {
            if (rented is not null) ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }

    private static bool TryFindPayload(ReadOnlySpan<char> authorization, out ReadOnlySpan<char> payload)
    {
        const string scheme = "Bearer ";
        payload = default;
        var token = authorization.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)
            ? authorization[scheme.Length..].Trim()
            : authorization.Trim();
        if (token.Length > TokenLengthMax) return false;

        var first = token.IndexOf('.');
        if (first <= 0) return false;
        var rest = token[(first + 1)..];
        var second = rest.IndexOf('.');
        if (second <= 0 || rest[(second + 1)..].Contains('.')) return false;
        payload = rest[..second];
        return true;
    }

    private static bool TryReadPayload(ReadOnlySpan<byte> json, Span<char> claim, out int written)
    {
        written = -1;
        var found = false;
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isTenant = reader.ValueTextEquals("tenantId"u8);
                reader.Read();
                if (isTenant)
                {
                    written = found ? -1 : Copy(ref reader, claim);
                    found = true;
                }

                reader.Skip();
            }

            return found;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static int Copy(ref Utf8JsonReader reader, Span<char> claim)
    {
        // An id is ASCII, so its bytes are at most its characters; escapes make it longer and are not worth reading.
        if (reader.TokenType != JsonTokenType.String || reader.ValueIsEscaped) return -1;
        var text = reader.ValueSpan;
        if (text.Length > claim.Length || !Ascii.IsValid(text)) return -1;
        return Encoding.ASCII.GetChars(text, claim);
    }
}
