using Platform.TenantShard.Collections;
using Platform.TenantShard.Collections.Json;
using Platform.TenantShard.Records;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Auth;

/// <summary>
/// Remembers the place of a login. The answer is true for a new place of a record that has logged in before. A known
/// place is written again only once a day: logins stay reads.
/// </summary>
internal sealed class NoteOrigin(CollectionPlan plan, string recordId, string fingerprint, DateTimeOffset now)
    : WriteCommand<bool>
{
    private const string OriginsMax = "5";

    private const string Surplus = $"""
        collectionRef = ?1 AND recordRef = ?2 AND id NOT IN (
          SELECT id FROM _authOrigins WHERE collectionRef = ?1 AND recordRef = ?2
          ORDER BY updated DESC, rowid DESC LIMIT {OriginsMax})
        """;

    private static readonly TimeSpan Fresh = TimeSpan.FromDays(1);

    public bool IsNoted(ReadScope scope)
    {
        using var row = scope.Connection.Prepare("""
            SELECT 1 FROM _authOrigins WHERE collectionRef = ?1 AND recordRef = ?2 AND fingerprint = ?3 AND updated > ?4
            """);
        row.BindText(1, plan.Collection.Id);
        row.BindText(2, recordId);
        row.BindText(3, fingerprint);
        row.BindText(4, StoredDate.Format(now - Fresh));
        return row.Step();
    }

    public override bool Execute(WriteScope scope)
    {
        var moment = StoredDate.Format(now);
        using (var known = scope.Connection.Prepare("""
            UPDATE _authOrigins SET updated = ?4 WHERE collectionRef = ?1 AND recordRef = ?2 AND fingerprint = ?3
            """))
        {
            known.BindText(1, plan.Collection.Id);
            known.BindText(2, recordId);
            known.BindText(3, fingerprint);
            known.BindText(4, moment);
            known.Run();
        }

        if (scope.Connection.Changes > 0) return false;
        var isFirst = !HasOrigin(scope);
        Insert(scope, moment);
        if (!isFirst) Shrink(scope);
        return !isFirst;
    }

    private bool HasOrigin(WriteScope scope)
    {
        using var any = scope.Connection.Prepare(
            "SELECT 1 FROM _authOrigins WHERE collectionRef = ?1 AND recordRef = ?2 LIMIT 1");
        any.BindText(1, plan.Collection.Id);
        any.BindText(2, recordId);
        return any.Step();
    }

    private void Insert(WriteScope scope, string moment)
    {
        using var insert = scope.Connection.Prepare("""
            INSERT INTO _authOrigins (id, collectionRef, recordRef, fingerprint, created, updated)
            VALUES (?1, ?2, ?3, ?4, ?5, ?5)
            """);
        var id = GeneratedText.From(GeneratedText.IdPattern);
        insert.BindText(1, id);
        insert.BindText(2, plan.Collection.Id);
        insert.BindText(3, recordId);
        insert.BindText(4, fingerprint);
        insert.BindText(5, moment);
        insert.Run();
        ObservedRows.Created(scope, SystemCollections.AuthOrigins, id);
    }

    private void Shrink(WriteScope scope) =>
        ObservedRows.Delete(scope, SystemCollections.AuthOrigins, Surplus, plan.Collection.Id, recordId);
}
