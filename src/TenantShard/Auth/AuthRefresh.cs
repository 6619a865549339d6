using Platform.TenantShard.Collections.Tables;
using Platform.TenantShard.Http;
using Platform.TenantShard.Records;

namespace Platform.TenantShard.Auth;

/// <summary><c>POST /api/collections/{collection}/auth-refresh</c>: a newer token for a valid one.</summary>
internal static class AuthRefresh
{
    public static void Map(RouteTable routes) =>
        routes.Map("POST", "/api/collections/{collection}/auth-refresh", HandleAsync);

    private static async Task HandleAsync(ApiContext context)
    {
        var collection = AuthEndpoints.FindAuthCollection(context);
        RequireAuth.RecordOf(context, collection.Id, collection.Name);
        var plan = CollectionPlan.For(collection);
        var recordId = context.Auth!.RecordId;
        var token = AuthResolver.ReadToken(context.Http)!;
        if (!JsonWebToken.TryRead(token, out var claims) || !claims.IsRefreshable)
        {
            await AuthResponse.SendTokenAsync(context, plan, recordId, token);
            return;
        }

        var tokenKey = await context.Shard.ReadAsync(
            (plan, recordId),
            static (scope, state) =>
            {
                ApiContext.RequireSame(scope.Schema, state.plan.Collection);
                using var row = scope.Connection.Prepare(
                    $"SELECT \"tokenKey\" FROM {SqlName.Quote(state.plan.Collection.Name)} WHERE \"id\" = ?1");
                row.BindText(1, state.recordId);
                return row.Step() ? row.Text(0) : "";
            },
            context.Aborted);
        if (tokenKey.Length == 0) throw Errors.ApiException.NotFound();
        await AuthResponse.SendAsync(context, plan, recordId, tokenKey);
    }
}
