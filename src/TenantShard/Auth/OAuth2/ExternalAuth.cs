using Platform.TenantShard.Collections;
using Platform.TenantShard.Collections.Json;
using Platform.TenantShard.Database;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Records;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Auth.OAuth2;

/// <summary>A row of <c>_externalAuths</c>: a user of a provider that is a record here.</summary>
internal sealed record ExternalAuth(string CollectionId, string Provider, string ProviderId)
{
    public void Insert(WriteScope scope, string recordId, DateTimeOffset now)
    {
        using var insert = scope.Connection.Prepare("""
            INSERT INTO _externalAuths (id, collectionRef, recordRef, provider, providerId, created, updated)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)
            """);
        var id = GeneratedText.From(GeneratedText.IdPattern);
        insert.BindText(1, id);
        insert.BindText(2, CollectionId);
        insert.BindText(3, recordId);
        insert.BindText(4, Provider);
        insert.BindText(5, ProviderId);
        insert.BindText(6, StoredDate.Format(now));
        try
        {
            insert.Run();
        }
        catch (DatabaseException error) when (error.IsUniqueViolation)
        {
            // The record is linked to another user of the provider, or the user was linked meanwhile.
            throw new ApiException(400, "Failed to authenticate.", cause: error);
        }

        ObservedRows.Created(scope, SystemCollections.ExternalAuths, id);
    }
}
