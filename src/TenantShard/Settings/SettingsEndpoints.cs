using System.Text.Json;
using Platform.TenantShard.Auth;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Collections.Json;
using Platform.TenantShard.Http;

namespace Platform.TenantShard.Settings;

/// <summary><c>GET</c> and <c>PATCH /api/settings</c>, for superusers.</summary>
internal static class SettingsEndpoints
{
    private const string Path = "/api/settings";

    public static void Map(RouteTable routes)
    {
        routes.Map("GET", Path, ViewAsync);
        routes.Map("PATCH", Path, UpdateAsync);
        TestS3.Map(routes);
    }

    private static async Task ViewAsync(ApiContext context)
    {
        RequireAuth.Superuser(context);
        var settings = await context.Shard.ReadAsync(
            0, static (scope, _) => SettingsStore.Read(scope.Connection), context.Aborted);
        await CollectionResponse.SendAsync(context, settings, TenantSettings.WriteShown);
    }

    private static async Task UpdateAsync(ApiContext context)
    {
        RequireAuth.Superuser(context);
        var sent = await context.ReadBodyAsync();
        var body = sent.ValueKind == JsonValueKind.Undefined ? StoredJson.EmptyObject : sent.Clone();
        var settings = await WriteAsync(context, new UpdateSettings(body, context.Shard.Clock));
        await CollectionResponse.SendAsync(context, settings, TenantSettings.WriteShown);
    }

    private static async Task<TenantSettings> WriteAsync(ApiContext context, UpdateSettings command)
    {
        try
        {
            return await context.Shard.WriteAsync(command, context.Aborted);
        }
        finally
        {
            context.Tenant.Settings.Invalidate();
        }
    }
}
