using System.IO.Enumeration;

namespace Platform.Replication.ObjectStore.Folder;

/// <summary>
/// One listing: walks the folders in the order of keys. A folder sorts as its name with <c>/</c> behind it, because
/// that is how its keys go on: <c>a-b</c> comes before <c>a/c</c>. Holds the names of the folders on its way down,
/// which is the price of sorted names from an unsorted file system.
/// </summary>
internal sealed class FolderWalk
{
    private readonly string _root;
    private readonly string _prefix;
    private readonly string? _startAfter;
    private readonly Stack<Level> _levels = [];

    public FolderWalk(string root, string prefix, string? startAfter)
    {
        _root = root;
        _prefix = prefix;
        _startAfter = startAfter;
        Descend(prefix[..(prefix.LastIndexOf('/') + 1)]);
    }

    /// <summary>
    /// The next entries, at most <paramref name="entriesMax"/>; none at the end. Blocks on the file system.
    /// </summary>
    public List<ObjectEntry> NextPage(int entriesMax)
    {
        var page = new List<ObjectEntry>();
        while (page.Count < entriesMax && _levels.TryPeek(out var level))
        {
            if (level.Next == level.Names.Count)
            {
                _levels.Pop();
                continue;
            }

            var key = level.KeyPrefix + level.Names[level.Next++];
            if (key[^1] == '/')
            {
                Descend(key);
                continue;
            }

            // A file that was deleted meanwhile is no entry.
            var file = new FileInfo(Path.Combine(_root, key));
            if (file.Exists)
            {
                page.Add(new ObjectEntry(key, file.Length, file.LastWriteTimeUtc));
            }
        }

        return page;
    }

    private void Descend(string keyPrefix)
    {
        try
        {
            var names = new FileSystemEnumerable<string>(
                Path.Combine(_root, keyPrefix),
                static (ref entry) => string.Concat(entry.FileName, entry.IsDirectory ? "/" : ""),
                new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false });
            var level = new Level(keyPrefix, [.. names.Where(name => IsWanted(keyPrefix, name))]);
            level.Names.Sort(ObjectKey.Compare);
            _levels.Push(level);
        }
        catch (DirectoryNotFoundException)
        {
            // No such folder, or pruned meanwhile: it holds no objects.
        }
        catch (IOException fault) when (fault.HResult == FolderFault.NotAFolder)
        {
            // An object is where the prefix has a folder: nothing is below it.
        }
    }

    private bool IsWanted(string keyPrefix, string name)
    {
        var key = keyPrefix + name;
        if (key.StartsWith(StagingFolder.ReservedName + "/", StringComparison.Ordinal))
        {
            return false;
        }

        var isFolder = name[^1] == '/';
        return key.StartsWith(_prefix, StringComparison.Ordinal)
            && (_startAfter is null
                || ObjectKey.Compare(key, _startAfter) > 0
                || (isFolder && _startAfter.StartsWith(key, StringComparison.Ordinal)));
    }

    private sealed class Level(string keyPrefix, List<string> names)
    {
        public string KeyPrefix { get; } = keyPrefix;

        public List<string> Names { get; } = names;

        public int Next { get; set; }
    }
}
