using Platform.TenantShard.Collections;
using Platform.TenantShard.Http;

namespace Platform.TenantShard.Records;

/// <summary><c>PATCH /api/collections/{collection}/records/{id}</c>.</summary>
internal static class UpdateRecord
{
    public const string Refusal = "Failed to update record.";

    public static void Map(RouteTable routes) =>
        routes.Map("PATCH", "/api/collections/{collection}/records/{id}", HandleAsync);

    private static async Task HandleAsync(ApiContext context)
    {
        var collection = context.FindCollection(context.Values.First);
        RecordEndpoints.RefuseView(collection);
        if (collection.UpdateRule is null) RuleAccess.RequireSuperuser(context);
        var body = await context.ReadBodyAsync();
        var plan = CollectionPlan.For(collection);
        var input = RecordInput.Read(plan, body, context.BodyBytes, context.IsSuperuser);
        var rule = RuleAccess.Require(context, collection, collection.UpdateRule);
        var isAuth = collection.Type == CollectionType.Auth;
        var credentials = isAuth ? await CredentialChange.PrepareAsync(context, input, rule) : null;
        var command = new ChangeRecord(
            input, context.Values.Second, rule, credentials, context.Shard.Clock.GetUtcNow());
        var values = await context.Shard.WriteAsync(command, context.Aborted);
        if (isAuth) context.Tenant.Tokens.Invalidate();
        await WrittenRecord.SendAsync(context, plan, values);
    }
}
