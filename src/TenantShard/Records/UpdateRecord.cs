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
        // A superuser passes every rule, and a rule without conditions asks for nothing.
        var hasCondition = !context.IsSuperuser && collection.UpdateRule is { Length: > 0 };
        var resolved = hasCondition && input.Modifiers.Count > 0
            ? await ResolvedBody.ReplaceAsync(context, body, input)
            : null;
        var rule = RuleAccess.Require(context, collection, collection.UpdateRule);
        var isAuth = collection.Type == CollectionType.Auth;
        var credentials = isAuth ? await CredentialChange.PrepareAsync(context, input, rule) : null;
        var command = new ChangeRecord(
            input, context.Values.Second, rule, resolved, credentials, context.Shard.Clock.GetUtcNow());
        await WrittenRecord.SendAsync(context, plan, await WriteAsync(context, command, isAuth));
    }

    private static async Task<RecordValues> WriteAsync(ApiContext context, ChangeRecord command, bool isAuth)
    {
        try
        {
            return await context.Shard.WriteAsync(command, context.Aborted);
        }
        finally
        {
            // Also when it is not known whether the write has been done.
            if (isAuth) context.Tenant.Tokens.Invalidate();
        }
    }
}
