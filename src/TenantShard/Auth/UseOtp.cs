using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Auth;

/// <summary>Takes a one-time password, with what it proves; false when somebody else was first.</summary>
internal sealed class UseOtp(string id, ChangeAuthRecord proof) : WriteCommand<bool>
{
    public override bool Execute(WriteScope scope)
    {
        using (var delete = scope.Connection.Prepare("DELETE FROM _otps WHERE id = ?1"))
        {
            delete.BindText(1, id);
            delete.Run();
        }

        return scope.Connection.Changes == 1 && proof.Execute(scope);
    }
}
