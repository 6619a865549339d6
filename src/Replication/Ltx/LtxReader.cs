using System.Buffers;

namespace Platform.Replication.Ltx;

/// <summary>
/// Reads an LTX file from a stream, forward only, page by page. Everything that can be verified is: a file of which
/// <see cref="ReadPageAsync"/> has returned 0 is whole and undamaged; until then its pages are only provisional.
/// The stream stays the caller's; disposing the reader gives its buffer back.
/// </summary>
public sealed class LtxReader : IDisposable
{
    /// <summary>Room for the rest of one frame and a good piece of those after it.</summary>
    private const int BufferBytes = 128 << 10;

    private readonly Stream _stream;
    private readonly LtxDecoder _decoder;
    private byte[] _buffer;
    private int _start;
    private int _end;
    private int _blockStart;
    private bool _isComplete;

    private LtxReader(Stream stream, LtxDecoder decoder, byte[] buffer, int end)
    {
        (_stream, _decoder, _buffer, _start, _end) = (stream, decoder, buffer, LtxFormat.HeaderBytes, end);
    }

    /// <summary>The header, valid by itself but covered by the file checksum only once the file is over.</summary>
    public LtxHeader Header => _decoder.Header;

    /// <summary>The file checksum; 0 until the file is over.</summary>
    public ulong FileChecksum => _isComplete ? _decoder.FileChecksum : 0;

    /// <summary>The LZ4 block of the last page, valid until the next is read; empty if it was an LZ4 frame.</summary>
    internal ReadOnlySpan<byte> Block => _buffer.AsSpan(_blockStart, _decoder.BlockBytes);

    /// <summary>Reads the header.</summary>
    /// <exception cref="LtxException">It is not valid.</exception>
    public static async Task<LtxReader> OpenAsync(Stream stream, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var end = await stream.ReadAtLeastAsync(
                buffer, LtxFormat.HeaderBytes, throwOnEndOfStream: false, cancellationToken);
            return new LtxReader(stream, new LtxDecoder(buffer.AsSpan(0, end)), buffer, end);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    /// <summary>
    /// Reads the next page into <paramref name="page"/>, which holds at least one page, and returns its number;
    /// 0 when there is none and the whole file proved right.
    /// </summary>
    /// <exception cref="LtxException">The file is damaged. The reader is of no more use.</exception>
    public async ValueTask<uint> ReadPageAsync(Memory<byte> page, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_buffer.Length == 0, this);
        while (true)
        {
            var step = _decoder.Read(
                _buffer.AsSpan(_start, _end - _start), page.Span, out var consumed, out var number);
            _start += consumed;
            switch (step)
            {
                case DecodeStep.Page:
                    _blockStart = _start - _decoder.BlockBytes;
                    return number;
                case DecodeStep.End:
                    await RequireEndOfStreamAsync(cancellationToken);
                    return 0;
                case DecodeStep.NeedsMore when !await FillAsync(cancellationToken):
                    throw _decoder.Truncated();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        var read = await _stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        return read > 0;
    }

    private async ValueTask RequireEndOfStreamAsync(CancellationToken cancellationToken)
    {
        if (!_isComplete && (_start < _end || await FillAsync(cancellationToken)))
        {
            throw _decoder.Trailing();
        }

        _isComplete = true;
    }
}
