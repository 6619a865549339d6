using Platform.TenantShard.Shards;

namespace Platform.TenantShard.Crons;

/// <summary>
/// Lets SQLite look again at the tables that have changed much since it last did, for its choice of indexes
/// (https://sqlite.org/lang_analyze.html). Writes nothing when there is nothing new.
/// </summary>
internal sealed class OptimizeDatabase : WriteCommand<bool>
{
    public override bool Execute(WriteScope scope)
    {
        // The limit keeps the look at a large table short.
        scope.Connection.Execute("PRAGMA analysis_limit=400; PRAGMA optimize");
        return true;
    }
}
