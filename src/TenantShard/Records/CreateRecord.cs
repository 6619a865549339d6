using Platform.TenantShard.Collections;
using Platform.TenantShard.Http;

namespace Platform.TenantShard.Records;

/// <summary><c>POST /api/collections/{collection}/records</c>.</summary>
internal static class CreateRecord
{
    public const string Refusal = "Failed to create record.";

    public static void Map(RouteTable routes) =>
        routes.Map("POST", "/api/collections/{collection}/records", HandleAsync);

    private static async Task HandleAsync(ApiContext context)
    {
        var collection = context.FindCollection(context.Values.First);
        RecordEndpoints.RefuseView(collection);
        if (collection.CreateRule is null) RuleAccess.RequireSuperuser(context);
        var body = await context.ReadBodyAsync();
        var plan = CollectionPlan.For(collection);
        var input = RecordInput.Read(plan, body, context.BodyBytes, context.IsSuperuser);
        var rule = RuleAccess.Require(context, collection, collection.CreateRule);
        NewRecord.Complete(input, context.Shard.Clock.GetUtcNow());
        if (collection.Type == CollectionType.Auth) await NewRecord.SetCredentialsAsync(context, input);
        input.CheckAll();
        await context.Shard.WriteAsync(new InsertRecord(input, rule), context.Aborted);
        if (collection.Type == CollectionType.Auth) context.Tenant.Tokens.Invalidate();
        await RespondAsync(context, input);
    }

    private static async Task RespondAsync(ApiContext context, RecordInput input)
    {
        var buffer = JsonBufferPool.Rent();
        try
        {
            RecordReader.Write(context, input.Plan, input.Values, buffer.Writer);
            await context.SendAsync(200, buffer);
        }
        finally
        {
            JsonBufferPool.Return(buffer);
        }
    }
}
