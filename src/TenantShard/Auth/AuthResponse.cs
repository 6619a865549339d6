using Platform.TenantShard.Collections;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Http;
using Platform.TenantShard.Records;
using Platform.TenantShard.Requests;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Auth;

/// <summary>The answer to every successful login: <c>{"record":{...},"token":"..."}</c>.</summary>
internal static class AuthResponse
{
    /// <summary>With a new token.</summary>
    /// <exception cref="ApiException">403 when the record does not meet the collection's auth rule.</exception>
    public static Task SendAsync(ApiContext context, CollectionPlan plan, string recordId, string tokenKey)
    {
        if (plan.Auth!.AuthToken.Secret.Length == 0) throw Forbidden();
        return SendTokenAsync(context, plan, recordId, AuthToken.Issue(context, plan, recordId, tokenKey));
    }

    /// <summary>With a token that exists already.</summary>
    /// <exception cref="ApiException">403 when the record does not meet the collection's auth rule.</exception>
    public static async Task SendTokenAsync(ApiContext context, CollectionPlan plan, string recordId, string token)
    {
        var filter = AuthRule(context, plan);
        context.ActAs(new AuthIdentity(plan.Collection, recordId));
        var buffer = JsonBufferPool.Rent();
        try
        {
            var view = RecordView.Read(context, plan.Collection);
            var answer = new Answer(context, plan.Collection, recordId, token, filter, view, buffer);
            if (!await context.Shard.ReadAsync(answer, static (scope, answer) => answer.Write(scope), context.Aborted))
                throw Forbidden();
            await context.SendAsync(200, buffer);
        }
        finally
        {
            JsonBufferPool.Return(buffer);
        }
    }

    /// <summary>What the record must meet, as the one asks who sent the request: superusers pass.</summary>
    private static RowFilter? AuthRule(ApiContext context, CollectionPlan plan)
    {
        if (context.IsSuperuser) return null;
        var rule = plan.Auth!.AuthRule ?? throw Forbidden();
        return rule.Length == 0 ? null : RowFilter.ForRule(context, plan.Collection, rule);
    }

    private static ApiException Forbidden() =>
        ApiException.Forbidden("The request doesn't satisfy the collection requirements to authenticate.");

    private sealed record Answer(
        ApiContext Context,
        Collection Collection,
        string RecordId,
        string Token,
        RowFilter? Filter,
        RecordView View,
        JsonBuffer Target)
    {
        public bool Write(ReadScope scope)
        {
            var writer = Target.Writer;
            writer.WriteStartObject();
            writer.WritePropertyName("record"u8);
            var record = new RecordQuery(Context, Collection, RecordId, Filter, View.Below("record"), Target);
            if (!record.Write(scope)) return false;
            if (View.Fields?.Includes("token") ?? true) writer.WriteString("token"u8, Token);
            writer.WriteEndObject();
            return true;
        }
    }
}
