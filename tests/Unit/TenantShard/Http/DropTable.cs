using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Tests.Http;

/// <summary>Damages a tenant's database behind the schema's back.</summary>
internal sealed class DropTable(string table) : WriteCommand<bool>
{
    public override bool Execute(WriteScope scope)
    {
        scope.Connection.Execute($"DROP TABLE {table}");
        return true;
    }
}
