using Platform.TenantShard.Collections;
using Platform.TenantShard.Database;
using Platform.TenantShard.Files;
using Platform.TenantShard.Shards;
using Platform.TenantShard.Templates;

namespace Platform.TenantShard.PocketBaseData;

/// <summary>Makes a copy of a tenant's database one that PocketBase opens. Blocks its thread.</summary>
internal static class ExportedDatabase
{
    /// <param name="path">The copy, which is nobody's yet.</param>
    /// <param name="clock">For the dates of a tenant that was never written to.</param>
    /// <exception cref="DatabaseException">The file is damaged, or the disk is full.</exception>
    public static void Prepare(string path, TimeProvider clock)
    {
        using var connection = DatabaseConnection.Open(path, new ConnectionOptions(IsReadOnly: false));
        var schema = SchemaLoader.Load(connection);
        if (TenantInitialization.IsNeeded(schema))
        {
            // Without secrets nobody could sign in there.
            connection.Execute("BEGIN");
            new TenantInitialization(clock.GetUtcNow()).Execute(new WriteScope(connection, schema));
            connection.Execute("COMMIT");
        }

        FileRemovals.Forget(connection);
        connection.Execute($"DROP TABLE IF EXISTS {FileLedger.Table}");

        // One file without a WAL: what is not in the zip cannot be forgotten.
        connection.ForgetStatements();
        connection.Execute("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode=DELETE;");
    }
}
