using System.IO.Compression;
using Platform.Replication.ObjectStore;
using Platform.TenantShard.Database;
using Platform.TenantShard.Files;

namespace Platform.TenantShard.PocketBaseData;

/// <summary>
/// An upload that was checked and turned into a tenant's database, on local disk. Nothing of the tenant has changed.
/// </summary>
internal sealed class PreparedImport : IDisposable
{
    private const string ThumbsPrefix = "thumbs_";

    private readonly PocketBaseArchive _archive;
    private readonly List<(FileReference File, ZipArchiveEntry Entry)> _files;
    private readonly string _folder;

    private PreparedImport(
        string folder, PocketBaseArchive archive, List<(FileReference File, ZipArchiveEntry Entry)> files,
        string databasePath, ImportReport report)
    {
        (_folder, _archive, _files) = (folder, archive, files);
        DatabasePath = databasePath;
        Report = report;
    }

    public ImportReport Report { get; }

    /// <summary>The request logs; null when there are none.</summary>
    public ImportedLogs? Logs { get; private init; }

    /// <summary>The new database.</summary>
    public string DatabasePath { get; }

    /// <param name="zipPath">The upload.</param>
    /// <param name="folder">An empty folder of the import's own.</param>
    /// <param name="limits">What it may ask for.</param>
    /// <param name="clock">For the dates of what is new.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ImportRefusedException">The upload is not valid.</exception>
    /// <exception cref="IOException">The node's disk is full or failed.</exception>
    public static async Task<PreparedImport> ReadAsync(
        string zipPath, string folder, ImportLimits limits, TimeProvider clock, CancellationToken cancellationToken)
    {
        var notes = new ImportNotes();
        var archive = PocketBaseArchive.Open(zipPath, limits, notes);
        try
        {
            var uploadPath = Path.Combine(folder, "uploaded.db");
            await archive.ExtractDatabaseAsync(uploadPath, cancellationToken);
            var built = await Task.Run(
                () => DatabaseBuild.Run(uploadPath, Path.Combine(folder, "data.db"), clock, notes, cancellationToken),
                cancellationToken);
            File.Delete(uploadPath);
            File.Delete(uploadPath + "-wal");
            File.Delete(uploadPath + "-shm");
            var files = new List<(FileReference, ZipArchiveEntry)>();
            var (count, bytes) = await Task.Run(
                () => Match(folder, built.Path, archive, files, notes), cancellationToken);
            await Task.Run(() => CountFiles(built.Path, files), cancellationToken);
            // Everything is checked before anything is stored.
            foreach (var (_, entry) in files) await PocketBaseArchive.VerifyAsync(entry, cancellationToken);
            var logs = await ImportedLogs.ExtractAsync(archive, folder, notes, cancellationToken);
            var report = new ImportReport
            {
                IsConverted = built.IsConverted,
                Collections = built.Collections,
                Records = built.Records,
                Files = count,
                FileBytes = bytes,
                DatabaseBytes = new FileInfo(built.Path).Length,
                Warnings = notes.Warnings,
            };
            return new PreparedImport(folder, archive, files, built.Path, report) { Logs = logs };
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }

    /// <summary>Stores the files that records name; nobody sees them before the database is there.</summary>
    /// <exception cref="ImportRefusedException">A file is damaged, or its name is that of another one.</exception>
    /// <exception cref="ObjectStoreException">Object storage failed; some files may be stored.</exception>
    public Task StoreFilesAsync(
        IObjectStore store, string tenantPath, TimeProvider clock, CancellationToken cancellationToken) =>
        new StorageUpload(store, tenantPath, _folder, clock).RunAsync(_files, cancellationToken);

    /// <summary>The keys of those files below the tenant's storage.</summary>
    public HashSet<string> FileKeys() => [.. _files.Select(static item =>
        Files.FileKeys.Of(item.File.CollectionId, item.File.RecordId, item.File.Name))];

    public void Dispose() => _archive.Dispose();

    private static void CountFiles(string databasePath, List<(FileReference File, ZipArchiveEntry Entry)> files)
    {
        if (files.Count == 0) return;
        using var connection = DatabaseConnection.Open(databasePath, new ConnectionOptions(IsReadOnly: false));
        connection.Execute("BEGIN");
        foreach (var (file, entry) in files)
            FileLedger.Note(
                connection, Files.FileKeys.Of(file.CollectionId, file.RecordId, file.Name), entry.Length);
        connection.Execute("COMMIT");
        connection.ForgetStatements();
        connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
    }

    private static (long Files, long Bytes) Match(
        string folder, string databasePath, PocketBaseArchive archive,
        List<(FileReference File, ZipArchiveEntry Entry)> files, ImportNotes notes)
    {
        using var references = FileReferences.Collect(Path.Combine(folder, "files.db"), databasePath);
        var unnamed = new List<string>();
        foreach (var (path, entry) in archive.Storage)
        {
            // Thumbnails are made again when somebody asks for one; attributes are made from the file itself.
            var segments = path.Split('/');
            if (segments.Length == 4 && segments[2].StartsWith(ThumbsPrefix, StringComparison.Ordinal)) continue;
            if (segments.Length == 3
                && new FileReference(segments[0], segments[1], segments[2]) is var file
                && references.TryTake(file, entry.Length))
                files.Add((file, entry));
            else if (!path.EndsWith(".attrs", StringComparison.Ordinal))
                unnamed.Add(path);
        }

        if (unnamed.Count > 0)
            notes.Warn($"{unnamed.Count} files that no record names were left out: {Names.Some(unnamed)}.");
        var missing = references.Missing();
        if (missing.Count > 0)
            notes.Warn($"{missing.Count} files that records name are not in the upload: {Names.Some([.. missing.First])}.");
        return references.Totals();
    }
}
