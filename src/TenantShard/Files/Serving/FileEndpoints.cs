using Platform.TenantShard.Http;

namespace Platform.TenantShard.Files.Serving;

/// <summary>The routes of files.</summary>
internal static class FileEndpoints
{
    public static void Map(RouteTable routes)
    {
        FileTokens.Map(routes);
        ServeFile.Map(routes);
    }
}
