using Platform.TenantShard.Collections;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Files;
using Platform.TenantShard.Files.Forms;
using Platform.TenantShard.Http;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Records;

/// <summary>A create, with complete values.</summary>
internal sealed class PreparedCreate : IRecordWrite
{
    private PreparedCreate(RecordInput input, RowFilter? rule, RowFilter? manageRule)
    {
        Input = input;
        Rule = rule;
        RecordId = input.Values.Text(input.Plan.IdColumn);
        Command = new InsertRecord(input, rule, manageRule);
    }

    /// <summary>What was sent, completed; with what is wrong with it.</summary>
    public RecordInput Input { get; }

    public RowFilter? Rule { get; }

    public InsertRecord Command { get; }

    public CollectionPlan Plan => Input.Plan;

    public string RecordId { get; }

    public IReadOnlyList<UploadedFile> Uploads => Input.Uploads;

    public bool IsRefused => !Input.Errors.IsEmpty;

    /// <summary>Reads the request; mistakes of values are left in <see cref="Input"/>.</summary>
    /// <exception cref="ApiException">It is refused without a look at its values.</exception>
    public static async Task<PreparedCreate> PrepareAsync(ApiContext context)
    {
        var collection = context.FindCollection(context.Values.First);
        RecordEndpoints.RefuseView(collection);
        if (collection.CreateRule is null) RuleAccess.RequireSuperuser(context);
        var plan = CollectionPlan.For(collection);
        var body = await context.ReadBodyAsync(RecordFiles.BytesMax(plan));
        var input = RecordInput.Read(plan, ref body, context, context.BodyFiles);
        await FieldSecrets.HashAsync(context, input);
        NewRecord.Complete(input, context.Shard.Clock.GetUtcNow());
        if (input.Modifiers.Count > 0) context.ReplaceBody(ResolvedBody.Build(body, input, input.Values));
        var rule = RuleAccess.Require(context, collection, collection.CreateRule);
        var manageRule = collection.Type == CollectionType.Auth
            ? await NewCredentials.SetAsync(context, input)
            : null;
        input.CheckAll();
        return new PreparedCreate(input, rule, manageRule);
    }

    public RecordValues Run(WriteScope scope)
    {
        if (IsRefused) throw Refuse(scope);
        Command.Execute(scope);
        return Input.Values;
    }

    /// <summary>Who may not create at all does not learn what is wrong with the values.</summary>
    private ApiException Refuse(WriteScope scope)
    {
        ApiContext.RequireSame(scope.Schema, Plan.Collection, Rule);
        if (Rule is not null && !CandidateRow.Meets(scope.Connection, Input, Rule))
            return ApiException.BadRequest(CreateRecord.Refusal);
        RelationCheck.Run(scope.Reading, Plan, Input.Values, before: null, Input.Errors);
        return Input.Errors.ToException(CreateRecord.Refusal);
    }
}
