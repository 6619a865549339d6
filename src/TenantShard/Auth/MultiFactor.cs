using System.Text.Json;
using Platform.TenantShard.Collections.Tables;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Http;
using Platform.TenantShard.Records;

namespace Platform.TenantShard.Auth;

/// <summary>
/// Asks for a second way to log in: the first one is remembered as a row of <c>_mfas</c>, whose id the client sends with
/// the second.
/// </summary>
internal sealed class MultiFactor
{
    private readonly CollectionPlan _plan;
    private readonly RowFilter? _rule;

    private MultiFactor(CollectionPlan plan, RowFilter? rule)
    {
        _plan = plan;
        _rule = rule;
    }

    /// <summary>To be made while the request still is who it was before the login; null when one factor is enough.</summary>
    public static MultiFactor? For(ApiContext context, CollectionPlan plan)
    {
        var options = plan.Auth!.Mfa;
        if (!options.IsEnabled) return null;
        return new MultiFactor(
            plan, options.Rule.Length == 0 ? null : RowFilter.ForRule(context, plan.Collection, options.Rule));
    }

    /// <summary>The id of the session that waits for a second factor; null when this was it, or none is needed.</summary>
    /// <exception cref="ApiException">400 for a session that is no good.</exception>
    public async Task<string?> PassAsync(ApiContext context, string recordId, string method)
    {
        if (_rule is not null && !await MeetsRuleAsync(context, recordId)) return null;
        var now = context.Shard.Clock.GetUtcNow();
        if (await ReadIdAsync(context) is not { Length: > 0 } id)
            return await context.Shard.WriteAsync(
                new BeginMultiFactor(_plan, recordId, method, now), context.Aborted);
        await context.Shard.WriteAsync(new EndMultiFactor(_plan, id, recordId, method, now), context.Aborted);
        return null;
    }

    private static async Task<string?> ReadIdAsync(ApiContext context)
    {
        if (QueryParameters.Read(context.Http.Request.QueryString, "mfaId") is { Length: > 0 } id) return id;
        var body = await context.ReadBodyAsync();
        return body.ValueKind == JsonValueKind.Object ? new FormReader(body).Optional("mfaId") : null;
    }

    private ValueTask<bool> MeetsRuleAsync(ApiContext context, string recordId) => context.Shard.ReadAsync(
        (_plan.Collection, _rule!, recordId),
        static (scope, state) =>
        {
            var (collection, rule, recordId) = state;
            ApiContext.RequireSame(scope.Schema, collection, rule);
            var table = SqlName.Quote(collection.Name);
            using var row = scope.Connection.Prepare(
                $"SELECT 1 FROM {table} WHERE {table}.\"id\" = ?1 AND ({rule.Where})");
            row.BindText(1, recordId);
            rule.Bind(row, 2);
            return row.Step();
        },
        context.Aborted);
}
