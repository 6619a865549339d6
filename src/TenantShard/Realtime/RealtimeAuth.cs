using Platform.TenantShard.Auth;
using Platform.TenantShard.Collections;
using Platform.TenantShard.Collections.Tables;
using Platform.TenantShard.Records;
using Platform.TenantShard.Requests;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Realtime;

/// <summary>Who a client has proved to be, and the token that proves it again when auth records change.</summary>
internal sealed class RealtimeAuth(AuthIdentity identity, string token)
{
    public AuthIdentity Identity { get; } = identity;

    /// <summary>Tells apart whom rules may treat differently.</summary>
    public string Key { get; } = $"{identity.Collection.Id}/{identity.RecordId}";

    public bool IsSame(AuthIdentity? other) =>
        other is not null && other.Collection.Id == Identity.Collection.Id && other.RecordId == Identity.RecordId;

    /// <summary>False once the record is gone, or its token key or the collection's secret is another.</summary>
    public bool IsValid(ReadScope scope)
    {
        var collection = scope.Schema.FindById(Identity.Collection.Id);
        if (collection is not { Type: CollectionType.Auth }) return false;
        using var row = scope.Connection.Prepare(
            $"SELECT \"tokenKey\" FROM {SqlName.Quote(collection.Name)} WHERE \"id\" = ?1");
        row.BindText(1, Identity.RecordId);
        if (!row.Step()) return false;
        var key = row.Text(0);
        return key.Length > 0
            && JsonWebToken.IsSignedWith(token, key + CollectionPlan.For(collection).Auth!.AuthToken.Secret);
    }
}
