using Microsoft.Win32.SafeHandles;

namespace Platform.Replication.ObjectStore.Folder;

/// <summary>
/// Makes, opens and prunes the folders between root and objects, so that an object's whole path is durable when its
/// own folder is synced. Opening a folder costs 2 us, so handles are not kept; that a folder's path is durable costs
/// one sync a level to find out, so it is remembered (bounded).
/// </summary>
internal sealed class DurableFolders(string root, int knownMax)
{
    /// <summary>
    /// Tries against other operations that prune the folder again; each needs a delete in just that moment.
    /// </summary>
    private const int TriesMax = 64;

    /// <summary>Folders whose entry in every ancestor has been synced. Guarded by itself.</summary>
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>Creates the root if need be. Throws an <see cref="ObjectStoreException"/>.</summary>
    public void MakeRoot(string operation, string key)
    {
        var missing = new Stack<string>();
        for (var folder = root; folder is not null && !Directory.Exists(folder); folder = Path.GetDirectoryName(folder))
        {
            missing.Push(folder);
        }

        while (missing.TryPop(out var folder))
        {
            if (!TryMake(folder, operation, key) || !TrySync(Path.GetDirectoryName(folder)!))
            {
                throw FolderFault.Last(operation, key);
            }
        }
    }

    /// <summary>Opens the folder of an object, creating what is missing; its path is durable afterwards.</summary>
    public SafeFileHandle Open(string folder, string operation, string key)
    {
        for (var tries = 0; ; tries++)
        {
            var handle = LibC.Open(folder, LibC.ReadOnly | LibC.CloseOnExec, 0);
            if (!handle.IsInvalid && TrySyncPath(folder))
            {
                return handle;
            }

            var errno = FolderFault.LastErrno;
            handle.Dispose();
            if (errno != FolderFault.NotFound || tries == TriesMax)
            {
                throw FolderFault.From(operation, key, errno);
            }

            Forget(folder);
            MakePath(folder, operation, key);
        }
    }

    /// <summary>Removes the folder and its ancestors while they are empty, and syncs the first that is not.</summary>
    public void Prune(string folder, string operation, string key)
    {
        while (folder != root && LibC.RemoveFolder(folder) == 0)
        {
            Forget(folder);
            folder = Path.GetDirectoryName(folder)!;
        }

        if (!TrySync(folder) && FolderFault.LastErrno != FolderFault.NotFound)
        {
            throw FolderFault.Last(operation, key);
        }
    }

    /// <summary>To be called when a folder turned out to be gone.</summary>
    public void Forget(string folder)
    {
        lock (_known)
        {
            _known.Remove(folder);
        }
    }

    private void MakePath(string folder, string operation, string key)
    {
        var end = root.Length;
        while (end < folder.Length)
        {
            var next = folder.IndexOf('/', end + 1);
            end = next < 0 ? folder.Length : next;
            if (!TryMake(folder[..end], operation, key))
            {
                return;
            }
        }
    }

    /// <summary>False when an ancestor vanished meanwhile: the caller starts again.</summary>
    private static bool TryMake(string folder, string operation, string key)
    {
        if (LibC.MakeFolder(folder, StagingFolder.FolderMode) == 0)
        {
            return true;
        }

        return FolderFault.LastErrno switch
        {
            FolderFault.Exists => true,
            FolderFault.NotFound => false,
            var errno => throw FolderFault.From(operation, key, errno),
        };
    }

    /// <summary>False with the error number set; "not found" when an ancestor was pruned meanwhile.</summary>
    private bool TrySyncPath(string folder)
    {
        for (var entry = folder; entry != root && !IsKnown(entry); entry = Path.GetDirectoryName(entry)!)
        {
            if (!TrySync(Path.GetDirectoryName(entry)!))
            {
                return false;
            }
        }

        Remember(folder);
        return true;
    }

    private bool IsKnown(string folder)
    {
        lock (_known)
        {
            return _known.Contains(folder);
        }
    }

    private void Remember(string folder)
    {
        lock (_known)
        {
            for (var entry = folder; entry != root; entry = Path.GetDirectoryName(entry)!)
            {
                if (_known.Count >= knownMax)
                {
                    _known.Clear();
                }

                if (!_known.Add(entry))
                {
                    return;
                }
            }
        }
    }

    private static bool TrySync(string folder)
    {
        using var handle = LibC.Open(folder, LibC.ReadOnly | LibC.CloseOnExec, 0);
        return !handle.IsInvalid && LibC.Sync(handle) == 0;
    }
}
