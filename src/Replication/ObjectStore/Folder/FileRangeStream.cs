using Microsoft.Win32.SafeHandles;

namespace Platform.Replication.ObjectStore.Folder;

/// <summary>
/// A forward-only view of a part of an open file. It stays whole when the object is replaced or deleted.
/// </summary>
internal sealed class FileRangeStream(SafeFileHandle file, string key, long offset, long end, FileThreads threads)
    : ObjectStream
{
    private long _position = offset;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var wanted = buffer[..(int)Math.Min(buffer.Length, Math.Max(0, end - _position))];
        return wanted.IsEmpty ? 0 : await threads.RunAsync(() => ReadNow(wanted.Span), cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
        }

        base.Dispose(disposing);
    }

    private int ReadNow(Span<byte> buffer)
    {
        try
        {
            var read = RandomAccess.Read(file, buffer, _position);
            _position += read;
            return read;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw FolderFault.From("read", key, fault);
        }
    }
}
