using Platform.TenantShard.Collections;
using Platform.TenantShard.Collections.Tables;
using Platform.TenantShard.Database;

namespace Platform.TenantShard.Templates;

/// <summary>
/// The database file of a tenant that nobody has written to, built once per process. It is the same for every tenant
/// and holds no secret: the first write makes them, see <see cref="TenantInitialization"/>.
/// </summary>
internal static class TemplateImage
{
    /// <summary>The tables that every tenant has beside those of its collections.</summary>
    public const string Tables = """
        CREATE TABLE `_migrations` (file VARCHAR(255) PRIMARY KEY NOT NULL, applied INTEGER NOT NULL);
        CREATE TABLE `_params` (
            `id`      TEXT PRIMARY KEY DEFAULT ('r'||lower(hex(randomblob(7)))) NOT NULL,
            `value`   JSON DEFAULT NULL,
            `created` TEXT DEFAULT (strftime('%Y-%m-%d %H:%M:%fZ')) NOT NULL,
            `updated` TEXT DEFAULT (strftime('%Y-%m-%d %H:%M:%fZ')) NOT NULL
        );
        CREATE TABLE `_collections` (
            `id`         TEXT PRIMARY KEY DEFAULT ('r'||lower(hex(randomblob(7)))) NOT NULL,
            `system`     BOOLEAN DEFAULT FALSE NOT NULL,
            `type`       TEXT DEFAULT 'base' NOT NULL,
            `name`       TEXT UNIQUE NOT NULL,
            `fields`     JSON DEFAULT '[]' NOT NULL,
            `indexes`    JSON DEFAULT '[]' NOT NULL,
            `listRule`   TEXT DEFAULT NULL,
            `viewRule`   TEXT DEFAULT NULL,
            `createRule` TEXT DEFAULT NULL,
            `updateRule` TEXT DEFAULT NULL,
            `deleteRule` TEXT DEFAULT NULL,
            `options`    JSON DEFAULT '{}' NOT NULL,
            `created`    TEXT DEFAULT (strftime('%Y-%m-%d %H:%M:%fZ')) NOT NULL,
            `updated`    TEXT DEFAULT (strftime('%Y-%m-%d %H:%M:%fZ')) NOT NULL
        );
        CREATE INDEX `idx__collections_type` ON `_collections` (`type`);
        """;

    // The migrations of the original whose result this image is, so that it does not run them again on an export.
    private static readonly string[] Migrations =
    [
        "1640988000_init.go",
        "1640988000_aux_init.go",
        "1717233556_v0.23_migrate.go",
        "1717233557_v0.23_migrate2.go",
        "1717233558_v0.23_migrate3.go",
        "1717233559_v0.23_migrate4.go",
        "1762785011_update_default_auth_alert_templates.go",
        "1763020353_update_default_auth_alert_templates.go",
        "1778828400_normalize_indexes.go",
    ];

    private static readonly Lazy<byte[]> Image = new(Build, LazyThreadSafetyMode.ExecutionAndPublication);

    /// <summary>The database file: page size 4096, in WAL mode, without a WAL.</summary>
    public static ReadOnlyMemory<byte> Bytes => Image.Value;

    /// <summary>Writes the image to a file that must not exist yet.</summary>
    public static async Task WriteAsync(string path, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Options = FileOptions.Asynchronous,
            BufferSize = 0,
        };
        await using var file = new FileStream(path, options);
        await file.WriteAsync(Bytes, cancellationToken);
    }

    private static byte[] Build()
    {
        var folder = Directory.CreateTempSubdirectory("platform-template-");
        try
        {
            var path = Path.Combine(folder.FullName, "data.db");
            using (var connection = DatabaseConnection.Open(path, new ConnectionOptions(IsReadOnly: false)))
            {
                connection.Execute("BEGIN");
                connection.Execute(Tables);
                Fill(connection);
                connection.Execute("COMMIT");
                connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
            }

            return File.ReadAllBytes(path);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Fill(DatabaseConnection connection)
    {
        foreach (var collection in SystemCollections.New(TenantInitialization.TemplateDate))
        {
            RecordTable.Create(connection, collection, failure: "The template is broken.");
            CollectionRow.Insert(connection, collection);
        }

        InsertMigrations(connection);
    }

    /// <summary>Says that the migrations of the original have run.</summary>
    public static void InsertMigrations(DatabaseConnection connection)
    {
        using var insert = connection.Prepare("INSERT INTO _migrations (file, applied) VALUES (?1, 0)");
        foreach (var migration in Migrations)
        {
            insert.BindText(1, migration);
            insert.Run();
        }
    }
}
