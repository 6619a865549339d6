using System.Globalization;
using System.IO.Compression;
using Platform.Messages.Identity;
using Platform.Replication.ObjectStore;
using Platform.Replication.Rewinding;
using Platform.TenantShard.Files;
using Platform.TenantShard.PocketBaseData;
using Platform.TenantShard.Templates;

namespace Platform.TenantShard.Hosting.Recovery;

/// <summary>
/// Writes a zip that is laid out as PocketBase's <c>pb_data</c>: <c>data.db</c>, <c>auxiliary.db</c> with the newest logs,
/// and the records' files under <c>storage/</c>. Everything passes through in pieces.
/// </summary>
internal sealed class BackupZip(IObjectStore store, TenantId tenant, DateTimeOffset now)
{
    private const int BufferBytes = 128 * 1024;

    private readonly string _tenantPath = ShardActivation.TenantPath(tenant);

    /// <summary>The first year that a zip's times can hold is 1980, the last 2107.</summary>
    private static readonly DateTimeOffset TimeMin = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes the file; returns how many files of records are in it.</summary>
    public async Task<int> WriteAsync(string path, PastImage? image, CancellationToken cancellationToken)
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
        zip.Comment = Describe(image);
        await using (var database = OpenDatabase(image))
            await AddAsync(zip, "data.db", database, image?.Time, CompressionLevel.Fastest, cancellationToken);
        await PocketBaseZip.AddLogsAsync(zip, path + ".logs", store, _tenantPath, now, cancellationToken);
        var files = 0;
        if (image is null) return files;
        var storagePrefix = $"{_tenantPath}/storage/";
        using var named = new NamedFiles(image.Path);
        await foreach (var entry in named.ListAsync(store, storagePrefix, cancellationToken))
        {
            // One whose retention ended after the listing is not part of the backup any more.
            await using var content = await store.OpenReadAsync(entry.Key, 0, length: null, cancellationToken);
            if (content is null) continue;
            var name = "storage/" + entry.Key[storagePrefix.Length..];

            // Most are images and the like, which do not get smaller.
            await AddAsync(zip, name, content, entry.Modified, CompressionLevel.NoCompression, cancellationToken);
            files++;
        }

        return files;
    }

    private string Describe(PastImage? image) => image is null
        ? $"Tenant {tenant}, never written to."
        : string.Create(
            CultureInfo.InvariantCulture,
            $"Tenant {tenant} at transaction {image.Txid} of {image.Time.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ}.");

    private static Stream OpenDatabase(PastImage? image) => image is null
        ? new MemoryStream(TemplateImage.Bytes.ToArray(), writable: false)
        : new FileStream(image.Path, new FileStreamOptions
        {
            BufferSize = BufferBytes,
            Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
        });

    private static async Task AddAsync(
        ZipArchive zip, string name, Stream content, DateTimeOffset? time, CompressionLevel level,
        CancellationToken cancellationToken)
    {
        var entry = zip.CreateEntry(name, level);
        entry.LastWriteTime = time is { } moment && moment > TimeMin ? moment.ToUniversalTime() : TimeMin;
        await using var stream = await entry.OpenAsync(cancellationToken);
        await content.CopyToAsync(stream, BufferBytes, cancellationToken);
    }
}
