using Platform.Replication.ObjectStore;

namespace Platform.Replication.Restoring;

/// <summary>One object of a <see cref="PartSource"/> as a stream. Objects are opened in the order of their parts.</summary>
internal sealed class PartStream(PartSource source, long bytes) : ObjectStream
{
    private byte[] _content = [];
    private int _offset;
    private int _end;
    private long _left = bytes;

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
