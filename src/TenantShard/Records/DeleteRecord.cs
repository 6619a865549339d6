using Platform.TenantShard.Http;

namespace Platform.TenantShard.Records;

/// <summary><c>DELETE /api/collections/{collection}/records/{id}</c>.</summary>
internal static class DeleteRecord
{
    public const string Refusal =
        "Failed to delete record. Make sure that the record is not part of a required relation reference.";

    public static void Map(RouteTable routes) =>
        routes.Map("DELETE", "/api/collections/{collection}/records/{id}", HandleAsync);

    private static async Task HandleAsync(ApiContext context)
    {
        var collection = context.FindCollection(context.Values.First);
        RecordEndpoints.RefuseView(collection);
        var rule = RuleAccess.Require(context, collection, collection.DeleteRule);
        var command = new RemoveRecord(collection, context.Values.Second, rule);
        var mayDeleteAuthRecord = true;
        try
        {
            mayDeleteAuthRecord = await context.Shard.WriteAsync(command, context.Aborted);
        }
        finally
        {
            // Also when it is not known whether the write has been done.
            if (mayDeleteAuthRecord) context.Tenant.Tokens.Invalidate();
        }

        JsonResponse.SendNoContent(context.Http);
    }
}
