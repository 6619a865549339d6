using Microsoft.Win32.SafeHandles;

namespace Platform.Replication.Shipping;

/// <summary>
/// The local database file and those beside it. The handle for reading is opened once and kept until SQLite has
/// closed the database: closing any handle of the file drops the locks that this process's SQLite holds on it
/// (https://sqlite.org/howtocorrupt.html, 2.2).
/// </summary>
internal sealed class DatabaseFile(string path) : IDisposable
{
    private readonly Lock _lock = new();
    private SafeFileHandle? _file;

    /// <summary>The database.</summary>
    public string Path { get; } = path;

    /// <summary>Its write-ahead log.</summary>
    public string WalPath { get; } = path + "-wal";

    /// <summary>The index of the WAL, which SQLite rebuilds when it is missing.</summary>
    public string SharedMemoryPath { get; } = path + "-shm";

    /// <summary>A large file on its way to the store.</summary>
    public string PendingPath { get; } = path + "-pending";

    /// <summary>True while a handle is kept.</summary>
    public bool IsOpen => Volatile.Read(ref _file) is not null;

    /// <summary>The size of the WAL file, in bytes; 0 when it does not exist.</summary>
    public long WalFileBytes => new FileInfo(WalPath) is { Exists: true } wal ? wal.Length : 0;

    /// <summary>Reads a page of the file; what lies behind its end is zero, as SQLite would extend it.</summary>
    public void ReadPage(uint number, Span<byte> page)
    {
        var file = Open();
        var offset = (number - 1L) * page.Length;
        var total = 0;
        while (total < page.Length)
        {
            var read = RandomAccess.Read(file, page[total..], offset + total);
            if (read == 0)
            {
                page[total..].Clear();
                return;
            }

            total += read;
        }
    }

    /// <summary>Size and time of the last write; null when the file does not exist.</summary>
    public (long Bytes, long ModifiedTicks)? Stamp()
    {
        var file = new FileInfo(Path);
        return file.Exists ? (file.Length, file.LastWriteTimeUtc.Ticks) : null;
    }

    /// <summary>
    /// Moves the database with its WAL out of the way, over what was set aside before; returns where it is, or null
    /// when there is none. SQLite has it closed.
    /// </summary>
    public string? SetAside()
    {
        Dispose();
        if (!File.Exists(Path))
        {
            return null;
        }

        var aside = Path + "-set-aside";
        File.Delete(aside + "-wal");
        File.Move(Path, aside, overwrite: true);
        if (File.Exists(WalPath))
        {
            File.Move(WalPath, aside + "-wal");
        }

        return aside;
    }

    /// <summary>Removes the database with everything that SQLite keeps beside it. SQLite has it closed.</summary>
    public void Remove()
    {
        Dispose();
        File.Delete(WalPath);
        File.Delete(SharedMemoryPath);
        File.Delete(Path + "-journal");
        File.Delete(PendingPath);
        File.Delete(Path);
    }

    /// <summary>Closes the handle. SQLite has the database closed.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _file?.Dispose();
            _file = null;
        }
    }

    private SafeFileHandle Open()
    {
        lock (_lock)
        {
            return _file ??= File.OpenHandle(
                Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
    }
}
