namespace Platform.Replication.Restoring;

/// <summary>One object of a <see cref="PartSource"/> as a stream. Objects are opened in the order of their parts.</summary>
internal sealed class PartStream(PartSource source, long bytes) : Stream
{
    private byte[] _content = [];
    private int _offset;
    private int _end;
    private long _left = bytes;

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
        if (_offset == _end)
        {
            Return();
            if (_left == 0)
            {
                return 0;
            }

            var next = await source.NextAsync(cancellationToken)
                ?? throw new InvalidOperationException("The parts end before their object does.");
            (_content, _offset, _end) = (next.Content, 0, next.Part.Bytes);
            _left -= _end;
        }

        var read = Math.Min(buffer.Length, _end - _offset);
        _content.AsMemory(_offset, read).CopyTo(buffer);
        _offset += read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        Return();
        base.Dispose(disposing);
    }

    private void Return()
    {
        if (_content.Length > 0)
        {
            source.Return(_content);
            _content = [];
        }

        (_offset, _end) = (0, 0);
    }
}
