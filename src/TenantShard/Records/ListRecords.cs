using Platform.TenantShard.Http;

namespace Platform.TenantShard.Records;

/// <summary><c>GET /api/collections/{collection}/records</c>.</summary>
internal static class ListRecords
{
    public static void Map(RouteTable routes) =>
        routes.Map("GET", "/api/collections/{collection}/records", HandleAsync);

    private static async Task HandleAsync(ApiContext context)
    {
        var collection = context.FindCollection(context.Values.First);
        var rule = RuleAccess.Require(context, collection, collection.ListRule);
        var parameters = ListParameters.Read(context.Http.Request.QueryString);
        var buffer = JsonBufferPool.Rent();
        try
        {
            var filter = parameters.Filter.Length == 0
                ? rule
                : RowFilter.And(rule, RowFilter.ForClient(context, collection, parameters.Filter));
            var query = new ListQuery(context, collection, parameters, filter, buffer);
            await context.Shard.ReadAsync(query, static (scope, query) => query.Write(scope), context.Aborted);
            await context.SendAsync(200, buffer);
        }
        finally
        {
            JsonBufferPool.Return(buffer);
        }
    }
}
