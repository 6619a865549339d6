using System.Text.Unicode;
using Platform.TenantShard.Database;
using Platform.TenantShard.Logs;

namespace Platform.TenantShard.PocketBaseData;

/// <summary>
/// The request logs of an upload, on local disk. They are worth less than everything else: what cannot be read of them
/// is left out with a warning.
/// </summary>
internal sealed class ImportedLogs
{
    /// <summary>The newest, as a node would keep them.</summary>
    private const int RowsMax = 200_000;

    private const int SegmentRowsMax = 20_000;

    private const string Unreadable = "The request logs (auxiliary.db or logs.db) cannot be read and were left out.";

    private readonly string _path;

    private ImportedLogs(string path) => _path = path;

    /// <param name="archive">The upload.</param>
    /// <param name="folder">Where it is unpacked.</param>
    /// <param name="notes">For the warning.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<ImportedLogs?> ExtractAsync(
        PocketBaseArchive archive, string folder, ImportNotes notes, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, "logs-uploaded.db");
        if (!await archive.TryExtractLogsAsync(path, cancellationToken)) return null;
        if (await Task.Run(() => CanRead(path, cancellationToken), cancellationToken)) return new ImportedLogs(path);
        notes.Warn(Unreadable);
        return null;
    }

    /// <summary>Stores them as segments of the tenant's logs.</summary>
    /// <exception cref="Replication.ObjectStore.ObjectStoreException">Object storage failed.</exception>
    public async Task StoreAsync(LogArchive archive, DateTimeOffset now, CancellationToken cancellationToken)
    {
        using var connection = Open(_path);
        using var interruption = cancellationToken.Register(connection.Interrupt);
        for (var position = 0L; ;)
        {
            var rows = Read(connection, ref position);
            if (rows.Count == 0) return;
            await archive.StoreAsync(rows, daysKept: 0, now, cancellationToken);
        }
    }

    private static bool CanRead(string path, CancellationToken cancellationToken)
    {
        try
        {
            using var connection = Open(path);
            using var interruption = cancellationToken.Register(connection.Interrupt);
            using var check = connection.Prepare("PRAGMA quick_check(1)");
            if (!check.Step() || check.Text(0) != "ok") return false;
            // Of a table that is none, or has other columns, this fails.
            var position = 0L;
            Read(connection, ref position);
            return true;
        }
        catch (DatabaseException damage) when (!damage.IsInterrupted)
        {
            return false;
        }
    }

    private static DatabaseConnection Open(string path)
    {
        var connection = DatabaseConnection.Open(path, new ConnectionOptions(IsReadOnly: false));
        try
        {
            connection.Execute("PRAGMA cell_size_check=ON; PRAGMA query_only=ON;");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static List<LogRow> Read(DatabaseConnection connection, ref long position)
    {
        using var select = connection.Prepare($"""
            SELECT _rowid_, id, level, message, data, created FROM _logs
            WHERE _rowid_ > max(?1, (SELECT max(_rowid_) FROM _logs) - {RowsMax})
                AND json_valid(data) AND json_type(data) = 'object' AND length(data) <= 65536
                AND length(message) <= 8192 AND length(id) BETWEEN 1 AND 100 AND length(created) = 24
            ORDER BY _rowid_ LIMIT {SegmentRowsMax}
            """);
        select.BindInt64(1, position);
        var rows = new List<LogRow>();
        while (select.Step())
        {
            position = select.Int64(0);
            if (Utf8.IsValid(select.Utf8(4))) rows.Add(LogDatabase.Read(select, 1));
        }

        return rows;
    }
}
