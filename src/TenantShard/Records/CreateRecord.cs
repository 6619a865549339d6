using Platform.TenantShard.Collections;
using Platform.TenantShard.Errors;
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
        NewRecord.Complete(input, context.Shard.Clock.GetUtcNow());
        if (input.Modifiers.Count > 0) context.ReplaceBody(ResolvedBody.Build(body, input, input.Values));
        var rule = RuleAccess.Require(context, collection, collection.CreateRule);
        var manageRule = collection.Type == CollectionType.Auth
            ? await NewCredentials.SetAsync(context, input)
            : null;
        input.CheckAll();
        if (!input.Errors.IsEmpty) await RefuseAsync(context, input, rule);
        await context.Shard.WriteAsync(new InsertRecord(input, rule, manageRule), context.Aborted);
        await WrittenRecord.SendAsync(context, input.Plan, input.Values);
    }

    /// <summary>Who may not create at all does not learn what is wrong with the values.</summary>
    private static async Task RefuseAsync(ApiContext context, RecordInput input, RowFilter? rule)
    {
        var isAllowed = rule is null || await context.Shard.ReadAsync(
            (input, rule),
            static (scope, state) =>
            {
                ApiContext.RequireSame(scope.Schema, state.input.Plan.Collection, state.rule);
                return CandidateRow.Meets(scope.Connection, state.input, state.rule);
            },
            context.Aborted);
        throw isAllowed ? input.Errors.ToException(Refusal) : ApiException.BadRequest(Refusal);
    }
}
