using Microsoft.AspNetCore.Http;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Events;
using Platform.TenantShard.Http;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Realtime;

/// <summary>
/// Turns an event into messages: clients of the same topic text and the same rights form a group, for which the rule is
/// evaluated once and the message is written once. Used by the hub's one delivering task.
/// </summary>
internal sealed class RealtimeDelivery(ApiServices services, ShardFeature tenant)
{
    /// <summary>Groups of one read, so that other reads of the tenant come in between.</summary>
    private const int GroupsOfRead = 64;

    private const int AttemptsMax = 4;

    private readonly Dictionary<(string Text, string Rights), EventMessage> _groups = [];
    private long _tokensVersion = -1;
    private SchemaSnapshot? _schema;

    /// <summary>True when tokens that were good at the last question may be void now.</summary>
    public bool MayHaveVoidedTokens(RecordEvent change)
    {
        var version = tenant.Tokens.Version;
        var schema = tenant.Shard.Schema;
        var hasChanged = version != _tokensVersion || !ReferenceEquals(schema, _schema);
        (_tokensVersion, _schema) = (version, schema);
        // A record's own delete is still told to it; the next event then finds its token void.
        if (change.Plan.Collection.Type != CollectionType.Auth) return hasChanged;
        if (change.Action == RecordAction.Delete)
        {
            _tokensVersion = -1;
            return false;
        }

        return hasChanged || (change.Action == RecordAction.Update && HasNewTokenKey(change));
    }

    /// <summary>Makes guests of the clients whose tokens are void.</summary>
    public async ValueTask RevokeAsync(IReadOnlyList<RealtimeClient> clients, CancellationToken cancellationToken)
    {
        foreach (var some in clients.Chunk(GroupsOfRead))
        {
            await tenant.Shard.ReadAsync(
                some,
                static (scope, some) =>
                {
                    foreach (var client in some)
                        if (client.Auth is { } auth && !auth.IsValid(scope)) client.Auth = null;
                    return true;
                },
                cancellationToken);
        }
    }

    public async ValueTask SendAsync(
        RecordEvent change, List<Subscription> subscriptions, CancellationToken cancellationToken)
    {
        _groups.Clear();
        foreach (var subscription in subscriptions) Join(change, subscription);
        foreach (var some in _groups.Values.Chunk(GroupsOfRead)) await WriteAsync(change, some, cancellationToken);
        foreach (var group in _groups.Values)
        {
            if (group.Bytes is not { } bytes) continue;
            foreach (var client in group.Clients)
                if (!client.TrySend(bytes)) client.End();
        }
    }

    private static bool HasNewTokenKey(RecordEvent change)
    {
        var column = change.Plan.Find("tokenKey");
        return column >= 0 && !change.Before!.HasSame(change.After!, column);
    }

    private void Join(RecordEvent change, Subscription subscription)
    {
        var auth = subscription.Client.Auth;
        var rights = auth is null ? "" : IsForAll(change, subscription, auth) ? "" : auth.Key;
        if (!_groups.TryGetValue((subscription.Text, rights), out var group))
        {
            group = new EventMessage(change, subscription, NewContext(subscription), auth?.Identity);
            _groups.Add((subscription.Text, rights), group);
        }

        group.Clients.Add(subscription.Client);
    }

    /// <summary>
    /// True when the client gets what a guest gets: neither the rule nor what is shown asks who it is.
    /// </summary>
    private bool IsForAll(RecordEvent change, Subscription subscription, RealtimeAuth auth)
    {
        if (auth.Identity.IsSuperuser || subscription.Query.HasValue) return false;
        if (tenant.Shard.Schema.FindById(change.Plan.Collection.Id) is not { } collection) return true;
        if (collection.Type == CollectionType.Auth) return false;
        var rule = subscription.IsList ? collection.ListRule : collection.ViewRule;
        return rule is null || !rule.Contains("@request", StringComparison.Ordinal);
    }

    private ApiContext NewContext(Subscription subscription)
    {
        var http = new DefaultHttpContext();
        http.Request.Method = HttpMethods.Get;
        http.Request.QueryString = subscription.Query;
        foreach (var (name, value) in subscription.Headers) http.Request.Headers[name.Replace('_', '-')] = value;
        return new ApiContext(http, services, tenant, default);
    }

    private async ValueTask WriteAsync(
        RecordEvent change, EventMessage[] groups, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await tenant.Shard.ReadAsync((change, groups), WriteAll, cancellationToken);
                return;
            }
            catch (SchemaChangedException) when (attempt < AttemptsMax)
            {
                // The next attempt has the newest schema.
            }
        }
    }

    private static bool WriteAll(ReadScope scope, (RecordEvent Change, EventMessage[] Groups) of)
    {
        var buffer = JsonBufferPool.Rent();
        // One moment for all that is asked: what the row is, and what is shown of it.
        scope.Connection.Execute("BEGIN");
        try
        {
            var state = EventState.Of(scope, of.Change);
            foreach (var group in of.Groups)
            {
                buffer.Clear();
                group.Write(scope, state, buffer);
            }

            return true;
        }
        finally
        {
            if (!scope.Connection.IsAutoCommit) scope.Connection.Execute("ROLLBACK");
            JsonBufferPool.Return(buffer);
        }
    }
}
