using Platform.TenantShard.Errors;
using Platform.TenantShard.Http;

namespace Platform.TenantShard.Records;

/// <summary><c>GET /api/collections/{collection}/records/{id}</c>.</summary>
internal static class ViewRecord
{
    public static void Map(RouteTable routes) =>
        routes.Map("GET", "/api/collections/{collection}/records/{id}", HandleAsync);

    private static async Task HandleAsync(ApiContext context)
    {
        var collection = context.FindCollection(context.Values.First);
        var filter = RuleAccess.Require(context, collection, collection.ViewRule);
        var buffer = JsonBufferPool.Rent(context.Memory);
        try
        {
            var view = RecordView.Read(context, collection);
            var query = new RecordQuery(context, collection, context.Values.Second, filter, view, buffer);
            var isFound = await context.Shard.ReadAsync(
                query, static (scope, query) => query.Write(scope), context.Aborted);
            if (!isFound) throw ApiException.NotFound();
            await context.SendAsync(200, buffer);
        }
        finally
        {
            JsonBufferPool.Return(buffer);
        }
    }
}
