using Platform.TenantShard.Http;

namespace Platform.TenantShard.Health;

/// <summary><c>GET /api/health</c>: the tenant answers.</summary>
internal static class HealthEndpoint
{
    private static readonly byte[] Body = """{"message":"API is healthy.","code":200,"data":{}}"""u8.ToArray();

    public static void Map(RouteTable routes) => routes.Map("GET", "/api/health", HandleAsync);

    private static async Task HandleAsync(ApiContext context)
    {
        var response = context.Http.Response;
        response.ContentType = "application/json";
        response.ContentLength = Body.Length;
        await response.Body.WriteAsync(Body, context.Aborted);
    }
}
