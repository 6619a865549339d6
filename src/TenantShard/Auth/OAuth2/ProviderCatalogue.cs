using System.Text.Encodings.Web;
using System.Text.Json;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Http;

namespace Platform.TenantShard.Auth.OAuth2;

/// <summary><c>GET /api/collections/meta/oauth2-providers</c>, for superusers: what collections may name.</summary>
internal static class ProviderCatalogue
{
    public static void Map(RouteTable routes) =>
        routes.Map("GET", "/api/collections/meta/oauth2-providers", HandleAsync);

    private static Task HandleAsync(ApiContext context)
    {
        RequireAuth.Superuser(context);
        return CollectionResponse.SendAsync(context, OAuth2Presets.ByName, Write);
    }

    private static void Write(Utf8JsonWriter writer, IReadOnlyList<OAuth2Preset> presets)
    {
        writer.WriteStartArray();
        foreach (var preset in presets)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, preset.Name);
            writer.WriteString("displayName"u8, preset.DisplayName);
            writer.WriteString("logo"u8, Logo(preset));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>Its first letter on its colour: the marks of the providers are theirs.</summary>
    private static string Logo(OAuth2Preset preset) => $"""
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><circle cx="12" cy="12" r="11" fill="{preset.Colour}"/>
        """ + """
        <text x="12" y="17" font-family="sans-serif" font-size="14" text-anchor="middle" fill="#fff">
        """ + HtmlEncoder.Default.Encode(preset.DisplayName[..1].ToUpperInvariant()) + "</text></svg>";
}
