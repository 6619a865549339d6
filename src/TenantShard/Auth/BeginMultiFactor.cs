using Platform.TenantShard.Collections;
using Platform.TenantShard.Collections.Json;
using Platform.TenantShard.Records;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Auth;

/// <summary>Remembers a first factor; the answer is the session's id. Expired sessions of the collection go.</summary>
internal sealed class BeginMultiFactor(CollectionPlan plan, string recordId, string method, DateTimeOffset now)
    : WriteCommand<string>
{
    /// <summary>Sessions of one record; the oldest one makes room.</summary>
    private const string SessionsMax = "10";

    private const string Surplus = $"""
        collectionRef = ?1 AND recordRef = ?2 AND id NOT IN (
          SELECT id FROM _mfas WHERE collectionRef = ?1 AND recordRef = ?2
          ORDER BY created DESC, rowid DESC LIMIT {SessionsMax} - 1)
        """;

    public override string Execute(WriteScope scope)
    {
        var id = GeneratedText.From(GeneratedText.IdPattern);
        ObservedRows.Delete(
            scope, SystemCollections.Mfas, "collectionRef = ?1 AND created <= ?2",
            plan.Collection.Id, StoredDate.Format(now.AddSeconds(-plan.Auth!.Mfa.DurationSeconds)));
        ObservedRows.Delete(scope, SystemCollections.Mfas, Surplus, plan.Collection.Id, recordId);
        using var insert = scope.Connection.Prepare("""
            INSERT INTO _mfas (id, collectionRef, recordRef, method, created, updated) VALUES (?1, ?2, ?3, ?4, ?5, ?5)
            """);
        insert.BindText(1, id);
        insert.BindText(2, plan.Collection.Id);
        insert.BindText(3, recordId);
        insert.BindText(4, method);
        insert.BindText(5, StoredDate.Format(now));
        insert.Run();
        ObservedRows.Created(scope, SystemCollections.Mfas, id);
        return id;
    }
}
