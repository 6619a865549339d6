using Platform.TenantShard.Errors;
using Platform.TenantShard.Http;
using Platform.TenantShard.Records;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Auth;

/// <summary>The answer to every successful login: <c>{"record":{...},"token":"..."}</c>.</summary>
internal static class AuthResponse
{
    /// <exception cref="ApiException">403 when the record does not meet the collection's auth rule.</exception>
    public static async Task SendAsync(ApiContext context, CollectionPlan plan, string recordId, string tokenKey)
    {
        if (plan.Auth!.AuthToken.Secret.Length == 0) throw Forbidden();
        var token = AuthToken.Issue(context, plan, recordId, tokenKey);
        await SendAsync(context, plan, recordId, token, plan.Auth.AuthRule);
    }

    /// <summary>With a token that exists already.</summary>
    public static async Task SendAsync(
        ApiContext context, CollectionPlan plan, string recordId, string token, string? authRule)
    {
        if (authRule is null) throw Forbidden();
        var filter = authRule.Length == 0 ? null : RowFilter.ForRule(context, plan.Collection, authRule);
        var buffer = JsonBufferPool.Rent();
        try
        {
            var query = new Query(plan, recordId, token, filter, buffer);
            if (!await context.Shard.ReadAsync(query, static (scope, query) => query.Write(scope), context.Aborted))
                throw Forbidden();
            await context.SendAsync(200, buffer);
        }
        finally
        {
            JsonBufferPool.Return(buffer);
        }
    }

    private static ApiException Forbidden() =>
        ApiException.Forbidden("The request doesn't satisfy the collection requirements to authenticate.");

    private readonly struct Query(
        CollectionPlan plan, string recordId, string token, RowFilter? filter, JsonBuffer target)
    {
        public bool Write(ReadScope scope)
        {
            ApiContext.RequireSame(scope.Schema, plan.Collection, filter);
            var sql = filter is null ? plan.Public.ViewSql : $"{plan.Public.ViewSql} AND ({filter.Where})";
            using var row = scope.Connection.Prepare(sql);
            row.BindText(1, recordId);
            filter?.Bind(row, 2);
            if (!row.Step()) return false;
            var writer = target.Writer;
            writer.WriteStartObject();
            writer.WritePropertyName("record"u8);
            plan.Public.WriteOpen(writer, row, seesEmail: true);
            writer.WriteEndObject();
            writer.WriteString("token"u8, token);
            writer.WriteEndObject();
            return true;
        }
    }
}
