using Platform.TenantShard.Shards;

namespace Platform.Commit.Bench;

/// <summary>Inserts one row.</summary>
internal sealed class InsertCommand(string sql) : WriteCommand<bool>
{
    public const string Small = "INSERT INTO bench(a) VALUES (randomblob(200))";

    public override bool Execute(WriteScope scope)
    {
        using var statement = scope.Connection.Prepare(sql);
        return !statement.Step();
    }
}
