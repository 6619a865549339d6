using Platform.Replication.ObjectStore;
using Platform.TenantShard.Database;
using Platform.TenantShard.Logs;

namespace Platform.TenantShard.PocketBaseData;

/// <summary>A tenant's logs, as object storage has them, as an <c>auxiliary.db</c> of PocketBase.</summary>
internal static class LogImage
{
    /// <summary>The name that the file has in a zip.</summary>
    public const string Name = "auxiliary.db";

    /// <summary>Writes the file, which does not exist yet.</summary>
    /// <exception cref="ObjectStoreException">Object storage failed.</exception>
    public static async Task WriteAsync(
        string path, IObjectStore store, string tenantPath, CancellationToken cancellationToken)
    {
        await File.WriteAllBytesAsync(path, AuxiliaryImage.Bytes, cancellationToken);
        var archive = new LogArchive(store, tenantPath);
        using var connection = DatabaseConnection.Open(path, new ConnectionOptions(IsReadOnly: false));
        foreach (var name in await archive.ListAsync(DateTimeOffset.UnixEpoch, cancellationToken))
        {
            var rows = await archive.ReadAsync(name, cancellationToken);
            connection.Execute("BEGIN");
            LogDatabase.Add(connection, rows);
            connection.Execute("COMMIT");
        }

        connection.ForgetStatements();
        connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
    }
}
