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
