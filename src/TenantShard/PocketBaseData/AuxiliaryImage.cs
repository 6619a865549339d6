using Platform.TenantShard.Database;

namespace Platform.TenantShard.PocketBaseData;

/// <summary>
/// An <c>auxiliary.db</c> without logs. The migrations that an exported <c>data.db</c> lists include the one that would
/// make it, so PocketBase needs to find it. Built once per process.
/// </summary>
internal static class AuxiliaryImage
{
    private const string Tables = """
        CREATE TABLE `_migrations` (file VARCHAR(255) PRIMARY KEY NOT NULL, applied INTEGER NOT NULL);
        CREATE TABLE `_logs` (
            `id`      TEXT PRIMARY KEY DEFAULT ('r'||lower(hex(randomblob(7)))) NOT NULL,
            `level`   INTEGER DEFAULT 0 NOT NULL,
            `message` TEXT DEFAULT '' NOT NULL,
            `data`    JSON DEFAULT '{}' NOT NULL,
            `created` TEXT DEFAULT (strftime('%Y-%m-%d %H:%M:%fZ')) NOT NULL,
            `updated` TEXT DEFAULT (strftime('%Y-%m-%d %H:%M:%fZ')) NOT NULL
        );
        CREATE INDEX `idx_logs_level` ON `_logs` (`level`);
        CREATE INDEX `idx_logs_message` ON `_logs` (`message`);
        CREATE INDEX `idx_logs_created_hour` ON `_logs` (strftime('%Y-%m-%d %H:00:00', `created`));
        """;

    private static readonly Lazy<byte[]> Image = new(Build, LazyThreadSafetyMode.ExecutionAndPublication);

    public static ReadOnlyMemory<byte> Bytes => Image.Value;

    private static byte[] Build()
    {
        var folder = Directory.CreateTempSubdirectory("platform-auxiliary-");
        try
        {
            var path = Path.Combine(folder.FullName, "auxiliary.db");
            using (var connection = DatabaseConnection.Open(path, new ConnectionOptions(IsReadOnly: false)))
            {
                connection.Execute(Tables);
                connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
            }

            return File.ReadAllBytes(path);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
