using Platform.TenantShard.Collections;
using Platform.TenantShard.Collections.Json;
using Platform.TenantShard.Errors;
using Platform.TenantShard.Records;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Auth;

/// <summary>Takes the session of a first factor; each serves once.</summary>
internal sealed class EndMultiFactor(
    CollectionPlan plan, string id, string recordId, string method, DateTimeOffset now) : WriteCommand<bool>
{
    public override bool Execute(WriteScope scope)
    {
        using (var session = scope.Connection.Prepare(
            "SELECT collectionRef, recordRef, method FROM _mfas WHERE id = ?1 AND created > ?2"))
        {
            session.BindText(1, id);
            session.BindText(2, StoredDate.Format(now.AddSeconds(-plan.Auth!.Mfa.DurationSeconds)));
            if (!session.Step()) throw ApiException.BadRequest("Invalid or expired MFA session.");
            if (session.Text(0) != plan.Collection.Id || session.Text(1) != recordId)
                throw ApiException.BadRequest("Invalid MFA session.");
            if (session.Text(2) == method)
                throw ApiException.BadRequest("A different authentication method is required.");
        }

        ObservedRows.Delete(scope, SystemCollections.Mfas, "id = ?1", id);
        return true;
    }
}
