using Microsoft.Win32.SafeHandles;

namespace Platform.Replication.ObjectStore.Folder;

/// <summary>
/// A forward-only view of a part of an open file. It stays whole when the object is replaced or deleted.
/// </summary>
internal sealed class FileRangeStream(SafeFileHandle file, string key, long offset, long end, FileThreads threads)
    : Stream
{
    private long _position = offset;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var wanted = buffer[..(int)Math.Min(buffer.Length, Math.Max(0, end - _position))];
        return wanted.IsEmpty ? 0 : await threads.RunAsync(() => ReadNow(wanted.Span), cancellationToken);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Not offered, as in the other stores: the thread pool is not for blocking calls.</summary>
    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("Objects are read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

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
