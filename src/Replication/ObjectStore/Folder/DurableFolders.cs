using Microsoft.Win32.SafeHandles;

namespace Platform.Replication.ObjectStore.Folder;

/// <summary>
/// Makes, opens, syncs and prunes the folders between root and objects. Opening a folder costs 2 us, so handles are not
/// kept; that a folder's path is durable costs one sync a level to find out, so it is remembered (bounded).
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

    /// <summary>Opens the folder of an object, creating what is missing.</summary>
    public SafeFileHandle Open(string folder, string operation, string key)
    {
        for (var tries = 0; ; tries++)
        {
            var handle = LibC.Open(folder, LibC.ReadOnly | LibC.CloseOnExec, 0);
            if (!handle.IsInvalid)
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
            // When it fails, the next try does as well.
            _ = TryMakePath(folder, operation, key);
        }
    }

    /// <summary>
    /// Makes the way to a folder durable, to be called once it holds an object: then nobody prunes it, and the sync of
    /// the folder itself, which comes before, has mostly written its ancestors' new entries as well.
    /// </summary>
    public void SyncPath(string folder, string operation, string key)
    {
        for (var entry = folder; entry != root && !IsKnown(entry); entry = Path.GetDirectoryName(entry)!)
        {
            if (TrySync(Path.GetDirectoryName(entry)!))
            {
                continue;
            }

            // Not found: somebody has deleted the object already, and its folder with it.
            if (FolderFault.LastErrno == FolderFault.NotFound)
            {
                return;
            }

            throw FolderFault.Last(operation, key);
        }

        Remember(folder);
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

    /// <summary>From the end, because mostly only that is missing. False when an ancestor vanished meanwhile.</summary>
    private bool TryMakePath(string folder, string operation, string key) =>
        folder.Length > root.Length
        && (TryMake(folder, operation, key)
            || (TryMakePath(Path.GetDirectoryName(folder)!, operation, key) && TryMake(folder, operation, key)));

    /// <summary>False when there is no folder to make it in.</summary>
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
