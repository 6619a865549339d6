using Platform.TenantShard.Records;
using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Tests.Hosting;

/// <summary>Writes a row of a system collection and tells of it, as the platform's own statements do.</summary>
internal sealed class InsertOrigin(string id) : WriteCommand<bool>
{
    public override bool Execute(WriteScope scope)
    {
        using var statement = scope.Connection.Prepare("INSERT INTO _authOrigins (id, fingerprint) VALUES (?1, ?1)");
        statement.BindText(1, id);
        statement.Run();
        ObservedRows.Created(scope, "_authOrigins", id);
        return true;
    }
}
