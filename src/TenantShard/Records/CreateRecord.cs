using Platform.TenantShard.Collections;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Files;
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
        var plan = CollectionPlan.For(collection);
        var body = await context.ReadBodyAsync(RecordFiles.BytesMax(plan));
        var input = RecordInput.Read(plan, ref body, context, context.BodyFiles);
        NewRecord.Complete(input, context.Shard.Clock.GetUtcNow());
        if (input.Modifiers.Count > 0) context.ReplaceBody(ResolvedBody.Build(body, input, input.Values));
        var rule = RuleAccess.Require(context, collection, collection.CreateRule);
        var manageRule = collection.Type == CollectionType.Auth
            ? await NewCredentials.SetAsync(context, input)
            : null;
        input.CheckAll();
        if (!input.Errors.IsEmpty) await RefuseAsync(context, input, rule);
        // Whom the rule refuses must not fill the storage either.
        if (input.Uploads.Count > 0 && !await IsAllowedAsync(context, input, rule))
            throw ApiException.BadRequest(Refusal);
        using var files = await HeldUploads.StoreAsync(
            context.Tenant.Files, collection.Id, input.Values.Text(plan.IdColumn), input.Uploads, context.Aborted);
        await context.Shard.WriteAsync(new InsertRecord(input, rule, manageRule), context.Aborted);
        files.Keep(plan, input.Values);
        await WrittenRecord.SendAsync(context, input.Plan, input.Values);
    }

    /// <summary>Who may not create at all does not learn what is wrong with the values.</summary>
    private static async Task RefuseAsync(ApiContext context, RecordInput input, RowFilter? rule)
    {
        throw await IsAllowedAsync(context, input, rule)
            ? input.Errors.ToException(Refusal)
            : ApiException.BadRequest(Refusal);
    }

    private static async ValueTask<bool> IsAllowedAsync(ApiContext context, RecordInput input, RowFilter? rule) =>
        rule is null || await context.Shard.ReadAsync(
            (input, rule),
            static (scope, state) =>
            {
                ApiContext.RequireSame(scope.Schema, state.input.Plan.Collection, state.rule);
                return CandidateRow.Meets(scope.Connection, state.input, state.rule);
            },
            context.Aborted);
}
