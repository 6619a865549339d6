using Platform.TenantShard.Collections;
using Platform.TenantShard.Database;
using Platform.TenantShard.Events;
using Platform.TenantShard.Files;

namespace Platform.TenantShard.Shards;

/// <summary>
/// What a write command may use while it runs inside its savepoint. Only the shard's drain touches it.
/// </summary>
internal sealed class WriteScope(
    DatabaseConnection connection, SchemaSnapshot schema, bool isObserved = false, TimeProvider? clock = null)
{
    /// <summary>The writer connection, inside the group's transaction.</summary>
    public DatabaseConnection Connection { get; } = connection;

    /// <summary>The schema that earlier commands of the group have left.</summary>
    public SchemaSnapshot Schema { get; private set; } = schema;

    /// <summary>The same for what only looks.</summary>
    public ReadScope Reading => new(Connection, Schema);

    /// <summary>True when files are named no more since the command.</summary>
    public bool HasRemovedFiles { get; private set; }

    /// <summary>
    /// Notes, in the same transaction, that nothing names what is below a folder of file storage any more, or one file
    /// of it. The files go when no retained moment names them either.
    /// </summary>
    public void RemoveFiles(string folder, string name = FileRemoval.EveryName)
    {
        if (name == FileRemoval.EveryName) FileLedger.ForgetFolder(Connection, folder);
        else FileLedger.Forget(Connection, FileKeys.In(folder, name));
        FileRemovals.Add(Connection, new FileRemoval(folder, name, (clock ?? TimeProvider.System).GetUtcNow()));
        HasRemovedFiles = true;
    }

    /// <summary>Says that a record names a file.</summary>
    public void AddFile(string key, long bytes) => FileLedger.Add(Connection, key, bytes);

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
