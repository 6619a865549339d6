using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Http;

namespace Platform.TenantShard.Auth.OAuth2;

/// <summary>
/// <c>POST /api/settings/apple/generate-client-secret</c>, for superusers: the secret of an Apple client is a token that
/// its owner signs (https://developer.apple.com/documentation/accountorganizationaldatasharing/creating-a-client-secret).
/// </summary>
internal static class AppleClientSecret
{
    private const string Failure = "Failed to generate client secret.";
    private const int AppleIdLength = 10;
    private const int KeyLengthMax = 4096;

    /// <summary>About six months, which is Apple's limit.</summary>
    private const int DurationSecondsMax = 15_777_000;

    public static void Map(RouteTable routes) =>
        routes.Map("POST", "/api/settings/apple/generate-client-secret", HandleAsync);

    private static async Task HandleAsync(ApiContext context)
    {
        RequireAuth.Superuser(context);
        var body = await context.ReadBodyAsync();
        var form = new FormReader(body);
        var claims = new Claims(
            form.Text("clientId"), AppleId(form, "teamId"), AppleId(form, "keyId"), Duration(form, body));
        var key = form.Text("privateKey", KeyLengthMax);
        form.ThrowIfAny();
        var secret = Sign(claims, key, context.Shard.Clock.GetUtcNow().ToUnixTimeSeconds());
        await CollectionResponse.SendAsync(context, secret, static (writer, secret) =>
        {
            writer.WriteStartObject();
            writer.WriteString("secret"u8, secret);
            writer.WriteEndObject();
        });
    }

    private static string AppleId(FormReader form, string name)
    {
        var id = form.Text(name);
        if (id.Length is not (0 or AppleIdLength))
            form.Errors.Add(name, new FieldError(
                "validation_length_invalid", $"The length must be exactly {AppleIdLength}."));
        return id;
    }

    private static int Duration(FormReader form, JsonElement body)
    {
        var seconds = body.ValueKind == JsonValueKind.Object
            && body.TryGetProperty("duration", out var value)
            && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt32(out var number) ? number : 0;
        if (seconds is < 1 or > DurationSecondsMax)
            form.Errors.Add("duration", new FieldError(
                "validation_out_of_range", $"Must be between 1 and {DurationSecondsMax} seconds."));
        return seconds;
    }

    private static string Sign(Claims claims, string key, long now)
    {
        try
        {
            using var ecdsa = ECDsa.Create();
            ecdsa.ImportFromPem(key);
            var header = Encode(writer =>
            {
                writer.WriteString("alg"u8, "ES256");
                writer.WriteString("kid"u8, claims.KeyId);
            });
            var payload = Encode(writer =>
            {
                writer.WriteString("aud"u8, "https://appleid.apple.com");
                writer.WriteNumber("exp"u8, now + claims.DurationSeconds);
                writer.WriteNumber("iat"u8, now);
                writer.WriteString("iss"u8, claims.TeamId);
                writer.WriteString("sub"u8, claims.ClientId);
            });
            var signed = $"{header}.{payload}";
            var signature = ecdsa.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256);
            return $"{signed}.{Base64Url.EncodeToString(signature)}";
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            throw new ApiException(400, Failure + " Raw error: invalid private key.", cause: error);
        }
    }

    private static string Encode(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return Base64Url.EncodeToString(buffer.WrittenSpan);
    }

    private sealed record Claims(string ClientId, string TeamId, string KeyId, int DurationSeconds);
}
