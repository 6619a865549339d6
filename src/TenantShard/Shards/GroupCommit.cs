using Platform.TenantShard.Collections;
using Platform.TenantShard.Database;
using Platform.TenantShard.Events;

namespace Platform.TenantShard.Shards;

/// <summary>
/// Runs queued writes as one SQLite transaction: each in its own savepoint, so that one that fails is undone alone.
/// One group = one transaction = one TXID = one LTX file.
/// </summary>
internal sealed class GroupCommit(ShardWriter writer, RecordFeed feed, TimeProvider clock)
{
    private readonly List<WriteOperation> _succeeded = [];

    private DatabaseConnection Connection => writer.Open();

    /// <summary>The operations of the last run that succeeded; to be completed once they are durable.</summary>
    public IReadOnlyList<WriteOperation> Succeeded => _succeeded;

    /// <summary>
    /// Runs the operations and commits. Refused ones are answered at once; the others wait in
    /// <see cref="Succeeded"/>.
    /// </summary>
    /// <returns>The schema after the group.</returns>
    /// <exception cref="DatabaseException">
    /// The transaction as a whole failed and is rolled back; no operation of the group is answered but the refused.
    /// </exception>
    public SchemaSnapshot Run(IReadOnlyList<WriteOperation> operations, SchemaSnapshot schema)
    {
        _succeeded.Clear();
        RunSql("BEGIN IMMEDIATE");
        try
        {
            foreach (var operation in operations) schema = RunOne(operation, schema);
            RunSql("COMMIT");
            return schema;
        }
        catch
        {
            _succeeded.Clear();
            if (!Connection.IsAutoCommit) Connection.Execute("ROLLBACK");
            throw;
        }
    }

    /// <summary>Makes these the operations that succeeded, after several runs.</summary>
    public void Keep(IReadOnlyCollection<WriteOperation> operations)
    {
        _succeeded.Clear();
        _succeeded.AddRange(operations);
    }

    private SchemaSnapshot RunOne(WriteOperation operation, SchemaSnapshot schema)
    {
        var scope = new WriteScope(Connection, schema, feed.IsObserved, clock);
        RunSql("SAVEPOINT command");
        try
        {
            operation.Execute(scope);
            RunSql("RELEASE command");
            operation.Changes = scope.Changes;
            _succeeded.Add(operation);
            return scope.Schema;
        }
#pragma warning disable CA1031 // A command's failure, of whatever kind, is its client's answer and nobody else's.
        catch (Exception failure) when (!IsFatal(failure))
#pragma warning restore CA1031
        {
            RunSql("ROLLBACK TO command");
            RunSql("RELEASE command");
            operation.Fail(failure);
            return schema;
        }
    }

    /// <summary>
    /// Faults of the disk break the group, and an interrupt means that it ran past its deadline, or took too much memory:
    /// all are the group's failure, not the command's; so is any error for which SQLite ended the whole transaction
    /// (https://sqlite.org/lang_transaction.html).
    /// </summary>
    private bool IsFatal(Exception failure) =>
        Connection.IsAutoCommit
        || failure is DatabaseException { IsInterrupted: true }
            or DatabaseException { IsOutOfMemory: true } or DatabaseException { IsLocalFault: true };

    private void RunSql(string sql)
    {
        using var statement = Connection.Prepare(sql);
        statement.Step();
    }
}
