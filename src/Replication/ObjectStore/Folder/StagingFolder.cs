using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Platform.Replication.ObjectStore.Folder;

/// <summary>
/// Where objects are written before they get their names: <c>{root}/.incoming/{instance}</c>, one folder for each open
/// store. An open store holds a lock (flock) on its folder, which the kernel drops with the process; so an instance
/// folder that can be locked belongs to a dead process and is removed with what a crash left in it. Several processes
/// may therefore share one root.
/// </summary>
internal sealed class StagingFolder : IDisposable
{
    /// <summary>First key segment that belongs to the store itself: refused in keys and never listed.</summary>
    public const string ReservedName = ".incoming";

    /// <summary>rwx for the platform's user alone: objects are tenants' data.</summary>
    public const uint FolderMode = 0b111_000_000;

    private const uint FileMode = 0b110_000_000;

    private readonly string _path;
    private long _lastNumber;

    private StagingFolder(string path, SafeFileHandle handle)
    {
        _path = path;
        Handle = handle;
    }

    public SafeFileHandle Handle { get; }

    /// <summary>Removes what dead processes left and makes a folder of our own.</summary>
    public static StagingFolder Open(string root, string operation, string key)
    {
        var parent = Path.Combine(root, ReservedName);
        if (LibC.MakeFolder(parent, FolderMode) != 0 && FolderFault.LastErrno != FolderFault.Exists)
        {
            throw FolderFault.Last(operation, key);
        }

        // One opener at a time: else a new folder could be taken for a dead one before its owner has locked it.
        using var gate = LibC.Open(parent, LibC.ReadOnly | LibC.CloseOnExec, 0);
        if (gate.IsInvalid || LibC.Lock(gate, LibC.LockExclusive) != 0)
        {
            throw FolderFault.Last(operation, key);
        }

        try
        {
            foreach (var folder in Directory.GetDirectories(parent))
            {
                RemoveIfDead(folder);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw FolderFault.From(operation, key, fault);
        }

        return OpenNew(parent, operation, key);
    }

    /// <summary>Opens a new empty file; the name is unique in this folder.</summary>
    public SafeFileHandle CreateFile(out string name)
    {
        name = Interlocked.Increment(ref _lastNumber).ToString("x", CultureInfo.InvariantCulture);
        return LibC.OpenAt(Handle, name, LibC.WriteOnly | LibC.CreateNew | LibC.CloseOnExec, FileMode);
    }

    /// <summary>Forgets a file. A failure only leaves garbage that the next start removes.</summary>
    public void Remove(string name) => _ = LibC.UnlinkAt(Handle, name, 0);

    public void Dispose()
    {
        RemoveAll(_path);
        Handle.Dispose();
    }

    private static StagingFolder OpenNew(string parent, string operation, string key)
    {
        var instance = Environment.ProcessId.ToString(CultureInfo.InvariantCulture)
            + "-" + RandomNumberGenerator.GetHexString(16, lowercase: true);
        var path = Path.Combine(parent, instance);
        if (LibC.MakeFolder(path, FolderMode) != 0)
        {
            throw FolderFault.Last(operation, key);
        }

        var handle = LibC.Open(path, LibC.ReadOnly | LibC.CloseOnExec, 0);
        if (handle.IsInvalid || LibC.Lock(handle, LibC.LockExclusive | LibC.LockNonBlocking) != 0)
        {
            var fault = FolderFault.Last(operation, key);
            handle.Dispose();
            throw fault;
        }

        return new StagingFolder(path, handle);
    }

    private static void RemoveIfDead(string folder)
    {
        using var handle = LibC.Open(folder, LibC.ReadOnly | LibC.CloseOnExec, 0);
        if (!handle.IsInvalid && LibC.Lock(handle, LibC.LockExclusive | LibC.LockNonBlocking) == 0)
        {
            RemoveAll(folder);
        }
    }

    /// <summary>
    /// Garbage that cannot be removed now does no harm: nobody lists it, and the next start tries again.
    /// </summary>
    private static void RemoveAll(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        foreach (var file in Directory.GetFiles(folder))
        {
            _ = LibC.Unlink(file);
        }

        _ = LibC.RemoveFolder(folder);
    }
}
