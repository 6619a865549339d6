using Microsoft.AspNetCore.Http;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Collections.Tables;
using Platform.TenantShard.Http;
using Platform.TenantShard.Records;
using Platform.TenantShard.Requests;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Auth;

/// <summary>
/// Proves who sends a request. A token that is broken, expired, of another tenant or voided makes a guest, as in
/// PocketBase: what the guest may do is then decided by the rules.
/// </summary>
internal static class AuthResolver
{
    private const string Scheme = "Bearer ";

    public static ValueTask<AuthIdentity?> ResolveAsync(HttpContext http, ShardFeature tenant)
    {
        if (ReadToken(http) is not { } token) return ValueTask.FromResult<AuthIdentity?>(null);
        var shard = tenant.Shard;
        var now = shard.Clock.GetUtcNow().ToUnixTimeSeconds();
        return tenant.Tokens.TryGet(token, shard.Schema, now, out var known)
            ? ValueTask.FromResult(known)
            : VerifyAsync(token, tenant, now, http.RequestAborted);
    }

    /// <summary>The token of the request, without its scheme; null when there is none.</summary>
    public static string? ReadToken(HttpContext http)
    {
        var header = http.Request.Headers.Authorization;
        if (header.Count == 0 || header[0] is not { Length: > 0 } token) return null;
        return token.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? token[Scheme.Length..].Trim() : token;
    }

    private static async ValueTask<AuthIdentity?> VerifyAsync(
        string token, ShardFeature tenant, long now, CancellationToken cancellationToken)
    {
        if (!JsonWebToken.TryRead(token, out var claims) || !IsUsable(claims, tenant.Shard, now)) return null;
        var schema = tenant.Shard.Schema;
        if (schema.FindById(claims.CollectionId) is not { Type: CollectionType.Auth } collection) return null;
        var secret = CollectionPlan.For(collection).Auth!.AuthToken.Secret;
        if (secret.Length == 0) return null;
        var version = tenant.Tokens.Version;
        var tokenKey = await ReadTokenKeyAsync(tenant.Shard, collection, claims.Id, cancellationToken);
        if (tokenKey.Length == 0 || !JsonWebToken.IsSignedWith(token, tokenKey + secret)) return null;
        var identity = new AuthIdentity(collection, claims.Id);
        tenant.Tokens.Add(token, identity, claims.ExpiresAt, schema, version);
        return identity;
    }

    private static bool IsUsable(TokenClaims claims, IShard shard, long now) =>
        claims.Type == TokenClaims.AuthType
            && claims.ExpiresAt > now
            && (claims.TenantId is null || claims.TenantId == shard.Tenant.Value);

    private static ValueTask<string> ReadTokenKeyAsync(
        IShard shard, Collection collection, string id, CancellationToken cancellationToken) =>
        shard.ReadAsync(
            (collection, id),
            static (scope, state) =>
            {
                ApiContext.RequireSame(scope.Schema, state.collection);
                using var row = scope.Connection.Prepare(
                    $"SELECT \"tokenKey\" FROM {SqlName.Quote(state.collection.Name)} WHERE \"id\" = ?1");
                row.BindText(1, state.id);
                return row.Step() ? row.Text(0) : "";
            },
            cancellationToken);
}
