using System.Text.Json;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Files.Forms;
using Platform.TenantShard.Http;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Records;

/// <summary>
/// An update in a transaction with others. Modifiers such as <c>count+</c> depend on what those others did, so a rule
/// that may ask for their result is compiled inside.
/// </summary>
internal sealed class PreparedUpdate : IRecordWrite
{
    private readonly ApiContext _context;
    private readonly RecordInput _input;
    private readonly JsonElement _body;
    private readonly bool _isRuleOpen;
    private RowFilter? _rule;
    private CredentialChange? _credentials;

    private PreparedUpdate(ApiContext context, RecordInput input, JsonElement body)
    {
        _context = context;
        _input = input;
        _body = body;
        _isRuleOpen = input.Modifiers.Count > 0 && UpdateRecord.HasCondition(context, input.Plan.Collection);
    }

    public CollectionPlan Plan => _input.Plan;

    public string RecordId => _context.Values.Second;

    public IReadOnlyList<UploadedFile> Uploads => _input.Uploads;

    public bool IsRefused => !_input.Errors.IsEmpty;

    /// <exception cref="Errors.ApiException">It is refused without a look at the record.</exception>
    public static async Task<PreparedUpdate> PrepareAsync(ApiContext context)
    {
        var (input, body) = await UpdateRecord.ReadAsync(context);
        var update = new PreparedUpdate(context, input, body);
        if (!update._isRuleOpen) update._rule = update.CompileRule();
        if (input.Plan.Collection.Type == CollectionType.Auth)
            update._credentials = await CredentialChange.PrepareAsync(context, input, update._rule);
        return update;
    }

    public RecordValues Run(WriteScope scope)
    {
        var rule = _rule;
        if (_isRuleOpen)
        {
            ApiContext.RequireSame(scope.Schema, Plan.Collection);
            ResolvedBody.Replace(scope.Connection, _context, _body, _input, RecordId);
            rule = CompileRule();
        }

        var now = _context.Shard.Clock.GetUtcNow();
        return new ChangeRecord(_input, RecordId, rule, resolved: null, _credentials, now).Execute(scope);
    }

    private RowFilter? CompileRule() =>
        RuleAccess.Require(_context, Plan.Collection, Plan.Collection.UpdateRule);
}
