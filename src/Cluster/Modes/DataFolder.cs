namespace Platform.Cluster.Modes;

/// <summary>
/// The folder of everything that a process keeps on disk, held by a file lock for the life of the process: two
/// processes on one folder would ruin it. The lock is the kernel's (flock), so a killed process leaves none behind.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    /// <summary>Nobody but the owner: what is below holds password hashes and the secrets of tokens.</summary>
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly FileStream _lock;

    private DataFolder(string path, FileStream lockFile)
    {
        Path = path;
        _lock = lockFile;
    }

    public string Path { get; }

    public string ClusterStoreFile => System.IO.Path.Combine(Path, "cluster.db");

    public string CacheFolder => System.IO.Path.Combine(Path, "cache");

    public string AdminTokenFile => System.IO.Path.Combine(Path, "admin-token");

    /// <exception cref="StartException">It cannot be made, written or locked.</exception>
    public static DataFolder Open(string path)
    {
        Create(path);
        var lockPath = System.IO.Path.Combine(path, "lock");
        FileStream lockFile;
        try
        {
            lockFile = new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException cause)
        {
            throw NotWritable(path, cause);
        }
        catch (IOException cause) when (IsReadOnlyFileSystem(cause))
        {
            throw NotWritable(path, cause);
        }
        catch (IOException cause)
        {
            throw new StartException(
                $"the data folder '{path}' is in use by another process; one process at a time may use it "
                + "(platform.data-dir chooses another).", cause);
        }

        var folder = new DataFolder(path, lockFile);
        try
        {
            folder.CheckWritable();
            Create(folder.CacheFolder);
            Close(folder.CacheFolder);
            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    public void Dispose() => _lock.Dispose();

    private static void Create(string path)
    {
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
            else Directory.CreateDirectory(path, OwnerOnly);
        }
        catch (Exception cause) when (cause is UnauthorizedAccessException or IOException)
        {
            throw new StartException(
                $"the data folder '{path}' cannot be made: {cause.Message} (platform.data-dir)", cause);
        }
    }

    /// <summary>Shuts out others from a folder of an earlier release, or of a careless hand.</summary>
    private static void Close(string path)
    {
        if (OperatingSystem.IsWindows() || File.GetUnixFileMode(path) == OwnerOnly) return;
        try
        {
            File.SetUnixFileMode(path, OwnerOnly);
        }
        catch (UnauthorizedAccessException)
        {
            // Somebody else's folder, such as a volume that is shared with a group: who may read it is up to him.
        }
    }

    /// <summary>A full disk or a folder that became read-only shows here, not at a tenant's first write.</summary>
    private void CheckWritable()
    {
        var probe = System.IO.Path.Combine(Path, "write-probe");
        try
        {
            File.WriteAllBytes(probe, new byte[4096]);
            File.Delete(probe);
        }
        catch (Exception cause) when (cause is UnauthorizedAccessException or IOException)
        {
            throw NotWritable(Path, cause);
        }
    }

    private static StartException NotWritable(string path, Exception cause) =>
        new($"the data folder '{path}' cannot be written to: {cause.Message} (platform.data-dir)", cause);

    /// <summary>EROFS, 30 on Linux, is what .NET passes on in the low bits of HResult.</summary>
    private static bool IsReadOnlyFileSystem(IOException error) => (error.HResult & 0xFFFF) == 30;
}
