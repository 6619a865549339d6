using Platform.TenantShard.Collections;

namespace Platform.TenantShard.Requests;

/// <summary>Who sends the request: a record of an auth collection, proved by a token.</summary>
/// <param name="Collection">The auth collection.</param>
/// <param name="RecordId">The record's id.</param>
internal sealed record AuthIdentity(Collection Collection, string RecordId)
{
    public const string SuperusersName = "_superusers";

    /// <summary>Superusers pass every rule and see hidden fields.</summary>
    public bool IsSuperuser => Collection.Name == SuperusersName;
}
