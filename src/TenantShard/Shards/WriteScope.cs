using Platform.TenantShard.Collections;
using Platform.TenantShard.Database;
using Platform.TenantShard.Events;

namespace Platform.TenantShard.Shards;

/// <summary>
/// What a write command may use while it runs inside its savepoint. Only the shard's drain touches it.
/// </summary>
internal sealed class WriteScope(DatabaseConnection connection, SchemaSnapshot schema, bool isObserved = false)
{
    /// <summary>The writer connection, inside the group's transaction.</summary>
    public DatabaseConnection Connection { get; } = connection;

    /// <summary>The schema that earlier commands of the group have left.</summary>
    public SchemaSnapshot Schema { get; private set; } = schema;

    /// <summary>Folders of file storage below which files are named no more; swept once the write is durable.</summary>
    public List<string>? RemovedFiles { get; private set; }

    public void RemoveFiles(string folder) => (RemovedFiles ??= []).Add(folder);

    /// <summary>True when somebody wants to know what the command does to records; otherwise it need not tell.</summary>
    public bool IsObserved { get; } = isObserved;

    /// <summary>What the command has told; null for nothing.</summary>
    public RecordChanges? Changes { get; private set; }

    /// <summary>Tells of a record, right after its row is written. Forgotten when the command fails.</summary>
    public void Changed(RecordEvent change)
    {
        if (IsObserved) (Changes ??= new RecordChanges()).Add(change);
    }

    /// <summary>
    /// Takes a new schema, after the DDL and the row of <c>_collections</c> are written. Undone by the shard when the
    /// command fails.
    /// </summary>
    public void ReplaceSchema(SchemaSnapshot schema) => Schema = schema;
}
