using System.IO.Compression;
using Platform.Pbm.Admin;

namespace Platform.Pbm.Transfer;

/// <summary>PocketBase data on this machine: a zip, or a folder that is zipped while it is sent.</summary>
internal sealed class PocketBaseSource
{
    private const string Database = "data.db";
    private const string Storage = "storage";
    private const int BufferBytes = 128 * 1024;

    /// <summary>The database, the request logs of now and of before 0.23, and what was last written to each.</summary>
    private static readonly string[] Databases =
        [Database, "data.db-wal", "auxiliary.db", "auxiliary.db-wal", "logs.db", "logs.db-wal"];

    /// <summary>What the platform makes anew, or PocketBase for its own use.</summary>
    private static readonly string[] NotMissed = ["types.d.ts", "data.db-shm", "auxiliary.db-shm", "logs.db-shm"];

    private static readonly string[] BesideData = ["pb_hooks", "pb_migrations", "pb_public"];

    private readonly string _path;
    private readonly bool _isFolder;

    private PocketBaseSource(string path, bool isFolder) => (_path, _isFolder) = (path, isFolder);

    /// <summary>The bytes to send; null while a folder is not zipped.</summary>
    public long? Bytes => _isFolder ? null : new FileInfo(_path).Length;

    /// <param name="path">A zip, a <c>pb_data</c> folder, or the folder that it is in.</param>
    /// <exception cref="PbmException">There is nothing of that kind.</exception>
    public static PocketBaseSource Find(string path)
    {
        if (File.Exists(path)) return new PocketBaseSource(path, isFolder: false);
        foreach (var folder in (string[])[path, Path.Combine(path, "pb_data")])
            if (File.Exists(Path.Combine(folder, Database))) return new PocketBaseSource(folder, isFolder: true);
        throw Directory.Exists(path)
            ? new PbmException(ExitCode.Usage, $"There is no {Database} in '{path}', nor in a folder pb_data of it.")
            : new PbmException(ExitCode.Usage, $"There is no file or folder '{path}'.");
    }

    /// <summary>What of the folder is not sent, in words.</summary>
    public IReadOnlyList<string> LeftOut()
    {
        if (!_isFolder) return [];
        var left = new DirectoryInfo(_path).EnumerateFileSystemInfos().Select(entry => entry.Name)
            .Where(name => name != Storage && !Databases.Contains(name) && !NotMissed.Contains(name))
            .Order(StringComparer.Ordinal).ToList();
        var parent = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(_path)) ?? _path;
        left.AddRange(BesideData.Where(name => Directory.Exists(Path.Combine(parent, name))));
        return left;
    }

    /// <summary>Writes the zip.</summary>
    public async Task WriteAsync(Stream destination, CancellationToken cancellationToken)
    {
        if (!_isFolder)
        {
            await using var file = Open(_path);
            await file.CopyToAsync(destination, BufferBytes, cancellationToken);
            return;
        }

        await using var zip = await ZipArchive.CreateAsync(
            destination, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken);
        foreach (var name in Databases)
            if (File.Exists(Path.Combine(_path, name)))
                await AddAsync(zip, name, CompressionLevel.Fastest, cancellationToken);
        var storage = Path.Combine(_path, Storage);
        if (!Directory.Exists(storage)) return;
        foreach (var file in Directory.EnumerateFiles(storage, "*", SearchOption.AllDirectories))
            if (!IsDerived(file)) await AddAsync(
                zip, Path.GetRelativePath(_path, file), CompressionLevel.NoCompression, cancellationToken);
    }

    /// <summary>Thumbnails and attributes are made from the files themselves.</summary>
    private static bool IsDerived(string file) =>
        file.EndsWith(".attrs", StringComparison.Ordinal)
        || Path.GetFileName(Path.GetDirectoryName(file)!).StartsWith("thumbs_", StringComparison.Ordinal);

    private async Task AddAsync(
        ZipArchive zip, string name, CompressionLevel level, CancellationToken cancellationToken)
    {
        await using var content = Open(Path.Combine(_path, name));
        var entry = zip.CreateEntry(name.Replace(Path.DirectorySeparatorChar, '/'), level);
        await using var stream = await entry.OpenAsync(cancellationToken);
        await content.CopyToAsync(stream, BufferBytes, cancellationToken);
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, new FileStreamOptions
            {
                // PocketBase may have it open.
                Share = FileShare.ReadWrite | FileShare.Delete,
                Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
            });
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new PbmException(ExitCode.Usage, $"Cannot read '{path}': {failure.Message}");
        }
    }
}
