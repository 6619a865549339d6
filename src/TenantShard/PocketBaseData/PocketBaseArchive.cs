using System.IO.Compression;

namespace Platform.TenantShard.PocketBaseData;

/// <summary>
/// An uploaded zip of a <c>pb_data</c> folder, at the zip's root or in a folder of it. Checked before anything is
/// unpacked: the number of its entries, their names, and how much they claim to hold; unpacking never writes more than
/// was claimed.
/// </summary>
internal sealed class PocketBaseArchive : IDisposable
{
    private const string Place = "zip";
    private const string StorageFolder = "storage/";
    private const int BufferBytes = 128 * 1024;

    /// <summary>A directory entry has 46 bytes and a path: PocketBase's have about 150.</summary>
    private const long DirectoryBytesPerEntryMax = 512;

    /// <summary>Below it nobody is harmed, and small files compress well.</summary>
    private const long SuspiciousBytes = 64L << 20;

    private static readonly string[] DatabaseFiles =
        [SourceDatabase.Name, SourceDatabase.Name + "-wal", SourceDatabase.Name + "-shm"];

    /// <summary>Of the current layout, and of the one before.</summary>
    private static readonly string[] LogFiles = ["auxiliary.db", "logs.db"];

    private readonly ZipArchive _zip;
    private readonly Dictionary<string, ZipArchiveEntry> _files = new(StringComparer.Ordinal);
    private readonly List<(string Path, ZipArchiveEntry Entry)> _storage = [];

    private PocketBaseArchive(ZipArchive zip) => _zip = zip;

    /// <summary>The files below <c>storage/</c>, with their paths there, in the order of the zip.</summary>
    public IReadOnlyList<(string Path, ZipArchiveEntry Entry)> Storage => _storage;

    /// <exception cref="ImportRefusedException">It is no zip, or not one that an import takes.</exception>
    public static PocketBaseArchive Open(string path, ImportLimits limits, ImportNotes notes)
    {
        var file = File.OpenRead(path);
        try
        {
            CheckEnd(file, limits);
            var zip = new ZipArchive(file, ZipArchiveMode.Read);
            var archive = new PocketBaseArchive(zip);
            archive.Sort(file.Length, limits, notes);
            return archive;
        }
        catch (Exception damage) when (damage is InvalidDataException or EndOfStreamException)
        {
            file.Dispose();
            throw Refusal("validation_damaged", "The upload is no zip, or it is damaged.", damage);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Unpacks the database with the log of its last transactions, if there is one.</summary>
    public async Task ExtractDatabaseAsync(string path, CancellationToken cancellationToken)
    {
        await ExtractAsync(_files[SourceDatabase.Name], path, cancellationToken);
        if (_files.TryGetValue(SourceDatabase.Name + "-wal", out var wal))
            await ExtractAsync(wal, path + "-wal", cancellationToken);
    }

    /// <summary>Unpacks the database of the request logs; false when there is none.</summary>
    public async Task<bool> TryExtractLogsAsync(string path, CancellationToken cancellationToken)
    {
        if (LogFiles.FirstOrDefault(_files.ContainsKey) is not { } name) return false;
        await ExtractAsync(_files[name], path, cancellationToken);
        if (_files.TryGetValue(name + "-wal", out var wal)) await ExtractAsync(wal, path + "-wal", cancellationToken);
        return true;
    }

    /// <summary>Reads an entry to its end, to see that it is whole.</summary>
    /// <exception cref="ImportRefusedException">The entry is damaged.</exception>
    public static Task VerifyAsync(ZipArchiveEntry entry, CancellationToken cancellationToken) =>
        CopyAsync(entry, Stream.Null, cancellationToken);

    /// <summary>Unpacks an entry to a new file.</summary>
    public static async Task ExtractAsync(ZipArchiveEntry entry, string path, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            BufferSize = 0,
            Options = FileOptions.Asynchronous,
        });
        await CopyAsync(entry, file, cancellationToken);
    }

    /// <summary>Unpacks an entry; never more than it claims to be.</summary>
    /// <exception cref="ImportRefusedException">The entry is damaged.</exception>
    public static async Task CopyAsync(ZipArchiveEntry entry, Stream destination, CancellationToken cancellationToken)
    {
        try
        {
            await using var content = await entry.OpenAsync(cancellationToken);
            var buffer = new byte[(int)Math.Min(BufferBytes, entry.Length + 1)];
            var checksum = new Crc32();
            for (var left = entry.Length; ;)
            {
                var count = await content.ReadAsync(buffer, cancellationToken);
                if (count == 0 && left == 0 && checksum.Value == entry.Crc32) return;
                if (count == 0 && left == 0) throw new InvalidDataException("The entry's content has another checksum.");
                if (count == 0 || (left -= count) < 0)
                    throw new InvalidDataException("The entry's content has another size than the zip says.");
                checksum.Append(buffer.AsSpan(0, count));
                await destination.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            }
        }
        catch (InvalidDataException damage)
        {
            throw new ImportRefusedException(
                $"{Place}/{entry.FullName}", "validation_damaged", "This entry of the zip is damaged or encrypted.",
                damage);
        }
    }

    public void Dispose() => _zip.Dispose();

    private static void CheckEnd(FileStream file, ImportLimits limits)
    {
        if (ZipEnd.Read(file) is not { } end || end.DirectoryBytes < 0 || end.DirectoryBytes > file.Length)
            throw Refusal("validation_damaged", "The upload is no zip, or it is damaged.");
        if (end.Entries > (ulong)limits.EntriesMax
            || end.DirectoryBytes > limits.EntriesMax * DirectoryBytesPerEntryMax)
            throw TooManyEntries(limits);
    }

    private void Sort(long zipBytes, ImportLimits limits, ImportNotes notes)
    {
        if (_zip.Entries.Count > limits.EntriesMax) throw TooManyEntries(limits);
        var paths = _zip.Entries.Select(entry => (Path: PathOf(entry), Entry: entry)).ToList();
        CheckSizes(zipBytes, limits);
        var root = FindRoot(paths.Select(entry => entry.Path));
        var others = new List<string>();
        foreach (var (path, entry) in paths)
        {
            if (path.EndsWith('/')) continue;
            if (!path.StartsWith(root, StringComparison.Ordinal)) others.Add(path);
            else Sort(path[root.Length..], entry, others);
        }

        Warn(others, notes);
    }

    private void Sort(string path, ZipArchiveEntry entry, List<string> others)
    {
        if (path.StartsWith(StorageFolder, StringComparison.Ordinal))
            _storage.Add((path[StorageFolder.Length..], entry));
        else if (!DatabaseFiles.Contains(path) && !LogFiles.Any(log => path == log || path == log + "-wal"))
            others.Add(path);
        else if (!_files.TryAdd(path, entry))
            throw Refusal("validation_ambiguous", $"The zip holds '{path}' twice.");
    }

    /// <summary>What the archive holds beside the database and the files of records.</summary>
    private static void Warn(List<string> others, ImportNotes notes)
    {
        void Take(Func<string, bool> matches, Func<List<string>, string> say)
        {
            var found = others.FindAll(path => matches(path));
            others.RemoveAll(path => matches(path));
            if (found.Count > 0) notes.Warn(say(found));
        }

        // What PocketBase makes for editors, and the shared memory and logs of other databases, hold nothing.
        others.RemoveAll(path => path.EndsWith("types.d.ts", StringComparison.Ordinal)
            || path.EndsWith("-shm", StringComparison.Ordinal) || path.EndsWith(".DS_Store", StringComparison.Ordinal));
        Take(path => Has(path, "pb_hooks"), found =>
            $"JavaScript hooks (pb_hooks) do not run here; {found.Count} files were left out.");
        Take(path => Has(path, "pb_migrations"), found =>
            $"Migrations (pb_migrations) do not run here; {found.Count} files were left out. "
            + "What they did to the database is imported with it.");
        Take(path => Has(path, "pb_public"), found =>
            $"Static files (pb_public) are not served here; {found.Count} files were left out.");
        Take(path => Has(path, "backups"), found =>
            $"{found.Count} backups inside the data were left out.");
        if (others.Count > 0)
            notes.Warn($"{others.Count} other files were left out: {Names.Some(others)}.");
    }

    private static bool Has(string path, string folder) => path.Split('/').SkipLast(1).Contains(folder);

    private static string FindRoot(IEnumerable<string> paths)
    {
        var roots = paths
            .Where(path => path == SourceDatabase.Name
                || path.EndsWith("/" + SourceDatabase.Name, StringComparison.Ordinal))
            .Select(path => path[..^SourceDatabase.Name.Length])
            .GroupBy(root => root.Count(character => character == '/'))
            .MinBy(depth => depth.Key);
        return roots?.Count() switch
        {
            1 => roots.First(),
            null => throw Refusal(
                "validation_required", "There is no data.db in the zip, at its root or in a folder such as pb_data/."),
            _ => throw Refusal(
                "validation_ambiguous",
                "There are several data.db in the zip, in "
                + $"{Names.Some([.. roots.Select(root => root.Length > 0 ? root : "/")])}."),
        };
    }

    private void CheckSizes(long zipBytes, ImportLimits limits)
    {
        var total = 0L;
        foreach (var entry in _zip.Entries)
        {
            if (entry.Length < 0 || (total += entry.Length) < 0)
                throw Refusal("validation_damaged", $"The size of '{entry.FullName}' is not valid.");
        }

        if (total > SuspiciousBytes && total / Math.Max(1, zipBytes) >= limits.RatioMax)
            throw Refusal(
                "validation_too_large",
                $"The zip unpacks to more than {limits.RatioMax} times its size (platform.import.ratio-max).");
    }

    private static string PathOf(ZipArchiveEntry entry)
    {
        // Some programs write the separators of Windows.
        var path = entry.FullName.Replace('\\', '/');
        var segments = path.TrimEnd('/').Split('/');
        if (path.Contains('\0', StringComparison.Ordinal) || segments.Any(segment => segment is "" or "." or ".."))
            throw Refusal("validation_invalid_name", $"The zip holds an entry with the name '{entry.FullName}'.");
        return path;
    }

    private static ImportRefusedException TooManyEntries(ImportLimits limits) => Refusal(
        "validation_too_large",
        $"The zip holds more than {limits.EntriesMax} entries (platform.import.entries-max).");

    private static ImportRefusedException Refusal(string code, string message, Exception? cause = null) =>
        new(Place, code, message, cause);
}
