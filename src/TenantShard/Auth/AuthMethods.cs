using Platform.TenantShard.Auth.OAuth2;
using Platform.TenantShard.Http;
using Platform.TenantShard.Records;

namespace Platform.TenantShard.Auth;

/// <summary><c>GET /api/collections/{collection}/auth-methods</c>: how records of the collection can log in.</summary>
internal static class AuthMethods
{
    public static void Map(RouteTable routes) =>
        routes.Map("GET", "/api/collections/{collection}/auth-methods", HandleAsync);

    private static async Task HandleAsync(ApiContext context)
    {
        var options = CollectionPlan.For(AuthEndpoints.FindAuthCollection(context)).Auth!;
        var settings = options.PasswordAuth;
        var buffer = JsonBufferPool.Rent();
        try
        {
            var writer = buffer.Writer;
            writer.WriteStartObject();
            writer.WriteStartObject("password"u8);
            writer.WriteStartArray("identityFields"u8);
            foreach (var field in settings.IdentityFields) writer.WriteStringValue(field);
            writer.WriteEndArray();
            writer.WriteBoolean("enabled"u8, settings.IsEnabled);
            writer.WriteEndObject();
            writer.WriteStartObject("oauth2"u8);
            ProviderList.Write(writer, options.OAuth2);
            writer.WriteBoolean("enabled"u8, options.OAuth2.IsEnabled);
            writer.WriteEndObject();
            WriteTimed(writer, "mfa", options.Mfa.IsEnabled, options.Mfa.DurationSeconds);
            WriteTimed(writer, "otp", options.Otp.IsEnabled, options.Otp.DurationSeconds);
            writer.WriteEndObject();
            await context.SendAsync(200, buffer);
        }
        finally
        {
            JsonBufferPool.Return(buffer);
        }
    }

    private static void WriteTimed(
        System.Text.Json.Utf8JsonWriter writer, string method, bool isEnabled, long durationSeconds)
    {
        writer.WriteStartObject(method);
        writer.WriteBoolean("enabled"u8, isEnabled);
        writer.WriteNumber("duration"u8, isEnabled ? durationSeconds : 0);
        writer.WriteEndObject();
    }
}
