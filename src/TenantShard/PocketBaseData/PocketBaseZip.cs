using System.IO.Compression;
using Platform.Replication.ObjectStore;
using Platform.TenantShard.Files;

namespace Platform.TenantShard.PocketBaseData;

/// <summary>
/// Writes a zip of a <c>pb_data</c> folder: <c>data.db</c>, <c>auxiliary.db</c>, and the records' files under
/// <c>storage/{collection}/{record}/{name}</c>. Everything passes through in pieces.
/// </summary>
internal static class PocketBaseZip
{
    private const int BufferBytes = 128 * 1024;
    private const int KeySegments = 3;

    /// <summary>The first year that a zip's times can hold is 1980.</summary>
    private static readonly DateTimeOffset TimeMin = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes the file, which does not exist yet; returns how many files of records are in it.</summary>
    /// <param name="path">The zip.</param>
    /// <param name="databasePath">The database, prepared for PocketBase.</param>
    /// <param name="store">Object storage.</param>
    /// <param name="tenantPath">The tenant's folder in it.</param>
    /// <param name="now">The time of the databases in the zip.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<int> WriteAsync(
        string path, string databasePath, IObjectStore store, string tenantPath, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            BufferSize = BufferBytes,
            Options = FileOptions.Asynchronous,
        });
        await using var zip = await ZipArchive.CreateAsync(
            file, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken);
        await using (var database = new FileStream(databasePath, new FileStreamOptions
        {
            BufferSize = BufferBytes,
            Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
        }))
            await AddAsync(zip, SourceDatabase.Name, database, now, CompressionLevel.Fastest, cancellationToken);
        await AddLogsAsync(zip, databasePath + "-logs", store, tenantPath, now, cancellationToken);
        return await AddFilesAsync(zip, databasePath, store, $"{tenantPath}/storage/", cancellationToken);
    }

    /// <summary>Adds the tenant's logs, by way of a file that does not exist yet and does not stay.</summary>
    internal static async Task AddLogsAsync(
        ZipArchive zip, string scratchPath, IObjectStore store, string tenantPath, DateTimeOffset time,
        CancellationToken cancellationToken)
    {
        await LogImage.WriteAsync(scratchPath, store, tenantPath, cancellationToken);
        await using (var logs = File.OpenRead(scratchPath))
            await AddAsync(zip, LogImage.Name, logs, time, CompressionLevel.Fastest, cancellationToken);
        File.Delete(scratchPath);
    }

    private static async Task<int> AddFilesAsync(
        ZipArchive zip, string databasePath, IObjectStore store, string prefix, CancellationToken cancellationToken)
    {
        var files = 0;
        using var named = new NamedFiles(databasePath);
        await foreach (var entry in named.ListAsync(store, prefix, cancellationToken))
        {
            // Thumbnails are made again where they are asked for.
            var key = entry.Key[prefix.Length..];
            if (key.Split('/').Length != KeySegments || FileKeys.Parse(key) is not { } file || !IsSafe(file)) continue;
            // One that was deleted after the listing is not part of the export any more.
            await using var content = await store.OpenReadAsync(entry.Key, 0, length: null, cancellationToken);
            if (content is null) continue;
            // Most are images and the like, which do not get smaller.
            await AddAsync(
                zip, $"storage/{file.CollectionId}/{file.RecordId}/{file.Name}", content, entry.Modified,
                CompressionLevel.NoCompression, cancellationToken);
            files++;
        }

        return files;
    }

    /// <summary>A name that would lead out of its folder cannot have been PocketBase's.</summary>
    private static bool IsSafe(FileReference file) =>
        new[] { file.CollectionId, file.RecordId, file.Name }.All(
            segment => segment is not ("" or "." or "..") && segment.IndexOfAny(['/', '\\', '\0']) < 0);

    private static async Task AddAsync(
        ZipArchive zip, string name, Stream content, DateTimeOffset time, CompressionLevel level,
        CancellationToken cancellationToken)
    {
        var entry = zip.CreateEntry(name, level);
        entry.LastWriteTime = time > TimeMin ? time.ToUniversalTime() : TimeMin;
        await using var stream = await entry.OpenAsync(cancellationToken);
        await content.CopyToAsync(stream, BufferBytes, cancellationToken);
    }
}
