using System.Text.Json;
using Platform.TenantShard.ClientAddresses;
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
    /// <summary>With a new token, without a login: for a refresh.</summary>
    /// <exception cref="ApiException">403 when the record does not meet the collection's auth rule.</exception>
    public static Task SendAsync(ApiContext context, CollectionPlan plan, string recordId, string tokenKey) =>
        SendTokenAsync(context, plan, recordId, Issue(context, plan, recordId, tokenKey));

    /// <summary>With a token that exists already.</summary>
    /// <exception cref="ApiException">403 when the record does not meet the collection's auth rule.</exception>
    public static Task SendTokenAsync(ApiContext context, CollectionPlan plan, string recordId, string token) =>
        SendAsync(context, plan, recordId, token, method: null, meta: null);

    /// <summary>
    /// After a login: 401 with <c>{"mfaId":"..."}</c> when a second factor is wanted.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="plan">The auth collection.</param>
    /// <param name="recordId">Who has logged in.</param>
    /// <param name="tokenKey">The record's key.</param>
    /// <param name="method">The way, one of <see cref="LoginMethod"/>.</param>
    /// <param name="meta">Writes the value of <c>meta</c>; null = there is none.</param>
    /// <exception cref="ApiException">403 when the record does not meet the collection's auth rule.</exception>
    public static Task LoginAsync(
        ApiContext context, CollectionPlan plan, string recordId, string tokenKey, string method,
        Action<Utf8JsonWriter>? meta = null) =>
        SendAsync(context, plan, recordId, Issue(context, plan, recordId, tokenKey), method, meta);

    private static async Task SendAsync(
        ApiContext context, CollectionPlan plan, string recordId, string token, string? method,
        Action<Utf8JsonWriter>? meta)
    {
        SuperuserAddresses.Require(context, plan.Collection);
        var filter = AuthRule(context, plan);
        var factors = method is null ? null : MultiFactor.For(context, plan);
        context.ActAs(new AuthIdentity(plan.Collection, recordId));
        var buffer = JsonBufferPool.Rent();
        try
        {
            var view = RecordView.Read(context, plan.Collection);
            var answer = new Answer(context, plan.Collection, recordId, token, filter, view, meta, buffer);
            if (!await context.Shard.ReadAsync(answer, static (scope, answer) => answer.Write(scope), context.Aborted))
                throw Forbidden();
            if (factors is not null && await factors.PassAsync(context, recordId, method!) is { } mfaId)
            {
                await MemberResponse.SendAsync(context, 401, "mfaId", mfaId);
                return;
            }

            if (method is not null) await LoginOrigin.NoteAsync(context, plan, recordId);
            await context.SendAsync(200, buffer);
        }
        finally
        {
            JsonBufferPool.Return(buffer);
        }
    }

    private static string Issue(ApiContext context, CollectionPlan plan, string recordId, string tokenKey) =>
        plan.Auth!.AuthToken.Secret.Length == 0
            ? throw Forbidden()
            : AuthToken.Issue(context, plan, recordId, tokenKey);

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
        Action<Utf8JsonWriter>? Meta,
        JsonBuffer Target)
    {
        public bool Write(ReadScope scope)
        {
            var writer = Target.Writer;
            writer.WriteStartObject();
            if (Meta is not null && (View.Fields?.Includes("meta") ?? true))
            {
                writer.WritePropertyName("meta"u8);
                Meta(writer);
            }

            if (!WriteRecord(scope)) return false;
            if (View.Fields?.Includes("token") ?? true) writer.WriteString("token"u8, Token);
            writer.WriteEndObject();
            return true;
        }

        /// <summary>False when the record does not meet the rule, which is asked even where it will not be shown.</summary>
        private bool WriteRecord(ReadScope scope)
        {
            if (View.Fields?.Includes("record") ?? true)
            {
                Target.Writer.WritePropertyName("record"u8);
                return Query(Target).Write(scope);
            }

            var unseen = JsonBufferPool.Rent();
            try
            {
                return Query(unseen).Write(scope);
            }
            finally
            {
                JsonBufferPool.Return(unseen);
            }
        }

        private RecordQuery Query(JsonBuffer target) =>
            new(Context, Collection, RecordId, Filter, View.Below("record"), target);
    }
}
