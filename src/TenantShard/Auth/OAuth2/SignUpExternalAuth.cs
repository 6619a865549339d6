using Platform.TenantShard.Collections.Tables;
using Platform.TenantShard.Records;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Auth.OAuth2;

/// <summary>Inserts a record together with its link; it is verified when the provider vouches for its address.</summary>
internal sealed class SignUpExternalAuth(
    InsertRecord insert, CollectionPlan plan, ExternalAuth link, string id, bool isVerified, DateTimeOffset now)
    : WriteCommand<bool>
{
    public override bool Execute(WriteScope scope)
    {
        insert.Execute(scope);
        if (isVerified)
        {
            var before = ObservedRows.Before(scope, plan, id);
            using var update = scope.Connection.Prepare(
                $"UPDATE {SqlName.Quote(plan.Collection.Name)} SET \"verified\" = 1 WHERE \"id\" = ?1");
            update.BindText(1, id);
            update.Run();
            ObservedRows.Updated(scope, plan, id, before);
        }

        link.Insert(scope, id, now);
        return true;
    }
}
