using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Http;

namespace Platform.TenantShard.Health;

/// <summary><c>GET /api/health</c>: the tenant answers. Superusers learn how the platform sees them.</summary>
internal static class HealthEndpoint
{
    private static readonly byte[] Body = """{"message":"API is healthy.","code":200,"data":{}}"""u8.ToArray();

    /// <summary>Headers by which usual proxies tell whom they speak for.</summary>
    private static readonly string[] ProxyHeaders =
        ["CF-Connecting-IP", "Fly-Client-IP", "X-Real-IP", "X-Forwarded-For"];

    public static void Map(RouteTable routes) => routes.Map("GET", "/api/health", HandleAsync);

    private static async Task HandleAsync(ApiContext context)
    {
        if (context.IsSuperuser)
        {
            await CollectionResponse.SendAsync(context, context, Write);
            return;
        }

        var response = context.Http.Response;
        response.ContentType = "application/json";
        response.ContentLength = Body.Length;
        await response.Body.WriteAsync(Body, context.Aborted);
    }

    private static void Write(Utf8JsonWriter writer, ApiContext context)
    {
        writer.WriteStartObject();
        writer.WriteString("message"u8, "API is healthy.");
        writer.WriteNumber("code"u8, 200);
        writer.WriteStartObject("data"u8);
        var services = context.Services;
        writer.WriteBoolean(
            "canBackup"u8, services.Backups is not null && services.BackupTurns.IsFree(context.Shard.Tenant));
        writer.WriteString("realIP"u8, context.ClientAddress?.ToString() ?? "");
        writer.WriteString("possibleProxyHeader"u8, FindProxyHeader(context.Http.Request.Headers));
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static string FindProxyHeader(IHeaderDictionary headers) =>
        Array.Find(ProxyHeaders, name => headers.TryGetValue(name, out var values) && values.Count > 0) ?? "";
}
