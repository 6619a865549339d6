using System.Text.Json;
using Platform.TenantShard.Auth;
using Platform.TenantShard.Collections.Json;
using Platform.TenantShard.Collections.Views;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Http;
using Platform.TenantShard.Records;

namespace Platform.TenantShard.Collections;

/// <summary>The endpoints under <c>/api/collections</c> that manage collections; for superusers only.</summary>
internal static class CollectionEndpoints
{
    private const string One = "/api/collections/{collection}";

    public static void Map(RouteTable routes)
    {
        Map(routes, "GET", "/api/collections", ListAsync);
        Map(routes, "POST", "/api/collections", CreateAsync);
        Map(routes, "GET", One, ViewAsync);
        Map(routes, "PATCH", One, UpdateAsync);
        Map(routes, "DELETE", One, DeleteAsync);
        Map(routes, "DELETE", One + "/truncate", TruncateAsync);
        Map(routes, "PUT", "/api/collections/import", ImportAsync);
        Map(routes, "GET", "/api/collections/meta/scaffolds", ScaffoldsAsync);
        DryRunView.Map(routes);
    }

    private static void Map(RouteTable routes, string method, string template, ApiHandler handler) =>
        routes.Map(method, template, async context =>
        {
            RequireAuth.Superuser(context);
            await handler(context);
        });

    private static async Task ListAsync(ApiContext context)
    {
        var parameters = ListParameters.Read(context.Http.Request.QueryString);
        var query = CollectionListQuery.Compile(context, parameters);
        var page = await context.Shard.ReadAsync(query, static (scope, query) => query.Read(scope), context.Aborted);
        await CollectionResponse.SendAsync(context, page, CollectionPage.Write);
    }

    private static Task ViewAsync(ApiContext context) =>
        CollectionResponse.SendAsync(context, Find(context), CollectionJson.Write);

    private static async Task CreateAsync(ApiContext context)
    {
        // The command outlives the request's buffer when the client goes away.
        var body = (await ReadBodyAsync(context)).Clone();
        var collection = await context.Shard.WriteAsync(
            new CreateCollection(body, context.Shard.Clock), context.Aborted);
        await CollectionResponse.SendAsync(context, collection, CollectionJson.Write);
    }

    private static async Task UpdateAsync(ApiContext context)
    {
        var id = Find(context).Id;
        var body = (await ReadBodyAsync(context)).Clone();
        var collection = await context.Shard.WriteAsync(
            new UpdateCollection(id, body, context.Shard.Clock), context.Aborted);
        context.Tenant.Tokens.Invalidate();
        await CollectionResponse.SendAsync(context, collection, CollectionJson.Write);
    }

    private static async Task DeleteAsync(ApiContext context)
    {
        await context.Shard.WriteAsync(new DeleteCollection(Find(context).Id), context.Aborted);
        context.Tenant.Tokens.Invalidate();
        JsonResponse.SendNoContent(context.Http);
    }

    private static async Task TruncateAsync(ApiContext context)
    {
        await context.Shard.WriteAsync(new TruncateCollection(Find(context).Id), context.Aborted);
        context.Tenant.Tokens.Invalidate();
        JsonResponse.SendNoContent(context.Http);
    }

    private static async Task ImportAsync(ApiContext context)
    {
        var body = (await ReadBodyAsync(context)).Clone();
        await context.Shard.WriteAsync(new ImportCollections(body, context.Shard.Clock), context.Aborted);
        context.Tenant.Tokens.Invalidate();
        JsonResponse.SendNoContent(context.Http);
    }

    private static Task ScaffoldsAsync(ApiContext context) =>
        CollectionResponse.SendAsync(context, CollectionScaffolds.New(), CollectionScaffolds.Write);

    private static Collection Find(ApiContext context) =>
        context.Schema.Find(context.Values.First) ?? throw ApiException.NotFound();

    // No body is an empty object: every member is missing, and validation says so.
    private static async ValueTask<JsonElement> ReadBodyAsync(ApiContext context)
    {
        var body = await context.ReadBodyAsync();
        return body.ValueKind == JsonValueKind.Undefined ? StoredJson.EmptyObject : body;
    }
}
