using Platform.TenantShard.Collections;
using Platform.TenantShard.Records;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Auth;

/// <summary>Takes a one-time password, with what it proves; false when somebody else was first.</summary>
internal sealed class UseOtp(string id, ChangeAuthRecord proof) : WriteCommand<bool>
{
    public override bool Execute(WriteScope scope) =>
        ObservedRows.Delete(scope, SystemCollections.Otps, "id = ?1", id) == 1 && proof.Execute(scope);
}
