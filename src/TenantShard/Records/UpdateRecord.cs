using System.Text.Json;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Files;
using Platform.TenantShard.Http;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Records;

/// <summary><c>PATCH /api/collections/{collection}/records/{id}</c>.</summary>
internal static class UpdateRecord
{
    public const string Refusal = "Failed to update record.";

    public static void Map(RouteTable routes) =>
        routes.Map("PATCH", "/api/collections/{collection}/records/{id}", HandleAsync);

    /// <summary>Reads the body of an update.</summary>
    /// <exception cref="Errors.ApiException">It is refused without a look at the record.</exception>
    public static async Task<(RecordInput Input, JsonElement Body)> ReadAsync(ApiContext context)
    {
        var collection = context.FindCollection(context.Values.First);
        RecordEndpoints.RefuseView(collection);
        if (collection.UpdateRule is null) RuleAccess.RequireSuperuser(context);
        var plan = CollectionPlan.For(collection);
        var body = await context.ReadBodyAsync(RecordFiles.BytesMax(plan));
        var input = RecordInput.Read(plan, ref body, context, context.BodyFiles);
        await FieldSecrets.HashAsync(context, input);
        return (input, body);
    }

    /// <summary>A superuser passes every rule, and a rule without conditions asks for nothing.</summary>
    public static bool HasCondition(ApiContext context, Collection collection) =>
        !context.IsSuperuser && collection.UpdateRule is { Length: > 0 };

    private static async Task HandleAsync(ApiContext context)
    {
        var (input, body) = await ReadAsync(context);
        var plan = input.Plan;
        var collection = plan.Collection;
        var resolved = HasCondition(context, collection) && input.Modifiers.Count > 0
            ? await ResolvedBody.ReplaceAsync(context, body, input)
            : null;
        var rule = RuleAccess.Require(context, collection, collection.UpdateRule);
        var isAuth = collection.Type == CollectionType.Auth;
        var credentials = isAuth ? await CredentialChange.PrepareAsync(context, input, rule) : null;
        var command = new ChangeRecord(
            input, context.Values.Second, rule, resolved, credentials, context.Shard.Clock.GetUtcNow());
        if (input.Uploads.Count > 0) await context.Shard.ReadAsync(command, Test, context.Aborted);
        using var files = await HeldUploads.StoreAsync(
            context.Tenant.Files, collection.Id, context.Values.Second, input.Uploads, context.Aborted);
        var values = await WriteAsync(context, command, isAuth);
        files.Keep(plan, values);
        await WrittenRecord.SendAsync(context, plan, values);
    }

    /// <summary>What is refused anyway must not fill the storage first.</summary>
    private static bool Test(ReadScope scope, ChangeRecord command) => command.Test(scope);

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
