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
        var create = await PreparedCreate.PrepareAsync(context);
        var input = create.Input;
        if (!input.Errors.IsEmpty) await RefuseAsync(context, input, create.Rule);
        // Whom the rule refuses must not fill the storage either.
        if (input.Uploads.Count > 0 && !await IsAllowedAsync(context, input, create.Rule))
            throw ApiException.BadRequest(Refusal);
        using var files = await HeldUploads.StoreAsync(
            context.Tenant.Files, input.Plan.Collection.Id, create.RecordId, input.Uploads, context.Aborted);
        await context.Shard.WriteAsync(create.Command, context.Aborted);
        files.Keep(input.Plan, input.Values);
        await WrittenRecord.SendAsync(context, input.Plan, input.Values);
    }

    /// <summary>Who may not create at all does not learn what is wrong with the values.</summary>
    private static async Task RefuseAsync(ApiContext context, RecordInput input, RowFilter? rule)
    {
        if (!await IsAllowedAsync(context, input, rule)) throw ApiException.BadRequest(Refusal);
        await context.Shard.ReadAsync(
            input,
            static (scope, input) => RelationCheck.Run(scope, input.Plan, input.Values, before: null, input.Errors),
            context.Aborted);
        throw input.Errors.ToException(Refusal);
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
