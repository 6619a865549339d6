using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Auth.OAuth2;

/// <summary>Links a record that exists to a user of a provider, with what that proves.</summary>
internal sealed class LinkExternalAuth(
    ChangeAuthRecord change, ExternalAuth? link, string recordId, DateTimeOffset now) : WriteCommand<bool>
{
    public override bool Execute(WriteScope scope)
    {
        change.Execute(scope);
        link?.Insert(scope, recordId, now);
        return true;
    }
}
