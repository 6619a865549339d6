using Platform.TenantShard.Filters;
using Platform.TenantShard.Http;
using Platform.TenantShard.Sorting;

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
        var buffer = JsonBufferPool.Rent(context.Memory);
        try
        {
            var filter = parameters.Filter.Length == 0
                ? rule
                : RowFilter.And(rule, RowFilter.ForClient(context, collection, parameters.Filter));
            var view = RecordView.Read(context, collection, parameters.Fields, parameters.Expand);
            var sort = parameters.Sort.Length == 0
                ? CompiledSort.None
                : SortCompiler.Compile(
                    context.Schema, collection, parameters.Sort, context.Request,
                    FilterOptions.ForClient(context.Request, context.Shard.Clock));
            var query = new ListQuery(context, collection, parameters, filter, sort, view, buffer);
            await context.Shard.ReadAsync(query, static (scope, query) => query.Write(scope), context.Aborted);
            await context.SendAsync(200, buffer);
        }
        finally
        {
            JsonBufferPool.Return(buffer);
        }
    }
}
