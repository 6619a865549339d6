using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Platform.Replication.ObjectStore.Folder;

/// <summary>
/// The durable writes, as blocking calls: (1) write and sync a file in the staging folder, (2) give it its name, by
/// link(2) when it must be new and by rename(2) when it may replace, (3) sync the folder of the name and, when that is
/// new, the folders above. What dies before (2) is garbage; what dies between (2) and (3) is whole, and durable or gone.
/// </summary>
internal sealed class FolderWriter(string root, int knownFoldersMax) : IDisposable
{
    /// <summary>Tries against deletes that prune the object's folder between its opening and the naming.</summary>
    private const int TriesMax = 64;

    private const int CopyBytes = 256 * 1024;

    private readonly DurableFolders _folders = new(root, knownFoldersMax);

    /// <summary>Guards the opening of <see cref="_staging"/>: once, and again only if somebody removed it.</summary>
    private readonly Lock _stagingGate = new();

    private volatile StagingFolder? _staging;

    public bool Create(string key, ReadOnlySpan<byte> content, DateTimeOffset timestamp) =>
        Publish(Stage("create", key, content, timestamp, out var name), name, key);

    /// <summary>As above with the content of a file, a piece at a time.</summary>
    public bool CreateFromFile(string key, string path, DateTimeOffset timestamp) =>
        Publish(StageCopy(key, path, timestamp, out var name), name, key);

    public void Put(string key, ReadOnlySpan<byte> content)
    {
        var staging = Stage("put", key, content, null, out var name);
        try
        {
            Replace(staging, name, key);
        }
        catch (ObjectStoreException)
        {
            staging.Remove(name);
            throw;
        }
    }

    public void Delete(IReadOnlyCollection<string> keys)
    {
        var folders = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var key in keys)
        {
            var path = PathOf(key);
            if (LibC.Unlink(path) == 0)
            {
                folders[Path.GetDirectoryName(path)!] = key;
            }
            else if (FolderFault.LastErrno
                is not (FolderFault.NotFound or FolderFault.NotAFolder or FolderFault.IsAFolder))
            {
                throw FolderFault.Last("delete", key);
            }
        }

        foreach (var (folder, key) in folders)
        {
            _folders.Prune(folder, "delete", key);
        }
    }

    public string PathOf(string key) => root == "/" ? root + key : root + "/" + key;

    public void Dispose()
    {
        lock (_stagingGate)
        {
            _staging?.Dispose();
            _staging = null;
        }
    }

    /// <summary>Makes the root and the staging folder, once.</summary>
    public StagingFolder OpenStaging(string operation, string key, StagingFolder? gone = null)
    {
        lock (_stagingGate)
        {
            if (_staging is null || _staging == gone)
            {
                _folders.MakeRoot(operation, key);
                // The old one is not disposed of: calls that hold its handle fail by themselves, and try again.
                _staging = StagingFolder.Open(root, operation, key);
            }

            return _staging;
        }
    }

    /// <summary>True when the object is new; the staged name is gone either way. The answer is durable.</summary>
    private bool Publish(StagingFolder staging, string name, string key)
    {
        try
        {
            return Link(staging, name, key);
        }
        catch (ObjectStoreException)
        {
            staging.Remove(name);
            throw;
        }
    }

    private bool Link(StagingFolder staging, string name, string key)
    {
        var path = PathOf(key);
        using var folder = OpenAndName(path, key, "create", (to, final) =>
            LibC.LinkAt(staging.Handle, name, to, final, 0), out var errno);
        if (errno == FolderFault.Exists && Directory.Exists(path))
        {
            throw FolderFault.From("create", key, FolderFault.IsAFolder);
        }

        staging.Remove(name);
        // Also when we lost: the caller relies on the winner's object from now on.
        Sync(folder, path, "create", key);
        return errno == 0;
    }

    private void Replace(StagingFolder staging, string name, string key)
    {
        var path = PathOf(key);
        using var folder = OpenAndName(path, key, "put", (to, final) =>
            LibC.RenameAt(staging.Handle, name, to, final), out _);
        Sync(folder, path, "put", key);
    }

    /// <summary>Names a staged file; <paramref name="errno"/> is 0 or "exists", everything else throws.</summary>
    private SafeFileHandle OpenAndName(
        string path, string key, string operation, Func<SafeFileHandle, string, int> name, out int errno)
    {
        var folder = Path.GetDirectoryName(path)!;
        var final = Path.GetFileName(path);
        for (var tries = 0; ; tries++)
        {
            var handle = _folders.Open(folder, operation, key);
            errno = name(handle, final) == 0 ? 0 : FolderFault.LastErrno;
            if (errno is 0 or FolderFault.Exists)
            {
                return handle;
            }

            handle.Dispose();
            if (errno != FolderFault.NotFound || tries == TriesMax)
            {
                throw FolderFault.From(operation, key, errno);
            }

            _folders.Forget(folder);
        }
    }

    private StagingFolder Stage(
        string operation, string key, ReadOnlySpan<byte> content, DateTimeOffset? timestamp, out string name)
    {
        var staging = OpenStaged(operation, key, out var file, out name);
        using (file)
        {
            return TryWrite(file, content) && TryFinish(file, timestamp)
                ? staging
                : throw GiveUp(staging, name, operation, key);
        }
    }

    private StagingFolder StageCopy(string key, string path, DateTimeOffset timestamp, out string name)
    {
        using var source = File.OpenHandle(path, options: FileOptions.SequentialScan);
        var staging = OpenStaged("create", key, out var file, out name);
        using (file)
        {
            try
            {
                return TryCopy(source, file) && TryFinish(file, timestamp)
                    ? staging
                    : throw GiveUp(staging, name, "create", key);
            }
            catch (IOException)
            {
                // The source cannot be read: no fault of the store's, but its file goes.
                staging.Remove(name);
                throw;
            }
        }
    }

    /// <summary>Opens a staged file for writing; the folder is made anew if somebody removed it.</summary>
    private StagingFolder OpenStaged(string operation, string key, out SafeFileHandle file, out string name)
    {
        var staging = _staging ?? OpenStaging(operation, key);
        file = staging.CreateFile(out name);
        if (file.IsInvalid && FolderFault.LastErrno == FolderFault.NotFound)
        {
            file.Dispose();
            staging = OpenStaging(operation, key, gone: staging);
            file = staging.CreateFile(out name);
        }

        if (file.IsInvalid)
        {
            var fault = FolderFault.Last(operation, key);
            file.Dispose();
            throw fault;
        }

        return staging;
    }

    private static ObjectStoreException GiveUp(StagingFolder staging, string name, string operation, string key)
    {
        var fault = FolderFault.Last(operation, key);
        staging.Remove(name);
        return fault;
    }

    private static bool TryCopy(SafeFileHandle source, SafeFileHandle file)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(CopyBytes);
        try
        {
            for (var offset = 0L; RandomAccess.Read(source, buffer, offset) is > 0 and var read; offset += read)
            {
                if (!TryWrite(file, buffer.AsSpan(0, read)))
                {
                    return false;
                }
            }

            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static unsafe bool TryWrite(SafeFileHandle file, ReadOnlySpan<byte> content)
    {
        fixed (byte* start = content)
        {
            nint written = 0;
            while (written < content.Length)
            {
                var bytes = LibC.Write(file, start + written, (nuint)(content.Length - written));
                if (bytes < 0 && FolderFault.LastErrno != FolderFault.Interrupted)
                {
                    return false;
                }

                written += Math.Max(bytes, 0);
            }
        }

        return true;
    }

    // fsync and not fdatasync: the file's time is what Litestream restores to a moment by.
    private static bool TryFinish(SafeFileHandle file, DateTimeOffset? timestamp) =>
        (timestamp is not { } time || TrySetTime(file, time)) && LibC.Sync(file) == 0;

    private static unsafe bool TrySetTime(SafeFileHandle file, DateTimeOffset time)
    {
        var ticks = time.UtcTicks - DateTime.UnixEpoch.Ticks;
        var seconds = Math.DivRem(ticks, TimeSpan.TicksPerSecond, out var rest);
        if (rest < 0)
        {
            (seconds, rest) = (seconds - 1, rest + TimeSpan.TicksPerSecond);
        }

        var times = stackalloc LibC.TimeSpec[2];
        times[0] = new LibC.TimeSpec { Nanoseconds = LibC.OmitTime };
        times[1] = new LibC.TimeSpec { Seconds = seconds, Nanoseconds = rest * TimeSpan.NanosecondsPerTick };
        return LibC.SetTimes(file, times) == 0;
    }

    private void Sync(SafeFileHandle folder, string path, string operation, string key)
    {
        if (LibC.Sync(folder) != 0)
        {
            throw FolderFault.Last(operation, key);
        }

        _folders.SyncPath(Path.GetDirectoryName(path)!, operation, key);
    }
}
