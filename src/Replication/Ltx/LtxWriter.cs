using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Platform.Replication.Ltx;

/// <summary>
/// Writes LTX files, one after the other, each into one pooled buffer: <see cref="Begin"/>, <see cref="AddPage"/> for
/// each page in ascending order, <see cref="Complete"/>. Not for several threads at once.
/// </summary>
public sealed class LtxWriter : IDisposable
{
    private readonly PooledBuffer _file = new(initialBytes: 64 << 10);
    private readonly PooledBuffer _index = new(initialBytes: 4 << 10);
    private PageSequence _sequence;
    private Crc64 _checksum;
    private long _drainedBytes;
    private int _pageSize;
    private int _frameBytesMax;
    private bool _isOpen;

    /// <summary>Bytes of the file that are in memory, for limits on its size.</summary>
    public int Length => _file.Length;

    /// <summary>Starts a file. What the last <see cref="Complete"/> returned is invalid from here on.</summary>
    /// <exception cref="LtxException">The header is not valid.</exception>
    public void Begin(in LtxHeader header)
    {
        Lz4.Require();
        _isOpen = false;
        _drainedBytes = 0;
        _file.Clear();
        _index.Clear();
        var room = _file.Reserve(LtxFormat.HeaderBytes);
        header.Write(room);
        _checksum = default;
        _checksum.Append(room[..LtxFormat.HeaderBytes]);
        _file.Advance(LtxFormat.HeaderBytes);
        _sequence = new PageSequence(header);
        _pageSize = header.PageSize;
        _frameBytesMax = LtxFormat.SizedPageHeaderBytes + Lz4.Bound(_pageSize);
        _isOpen = true;
    }

    /// <summary>Adds the next page; a snapshot needs all but the lock page, other files any of them.</summary>
    /// <exception cref="LtxException">The page is out of order, above the commit, or the lock page.</exception>
    public void AddPage(uint pageNumber, ReadOnlySpan<byte> page)
    {
        ThrowUnlessNextPage(page);
        _sequence.Accept(pageNumber);
        var frame = _file.Reserve(_frameBytesMax);
        var blockBytes = Lz4.Compress(page, frame[LtxFormat.SizedPageHeaderBytes..]);
        FinishFrame(pageNumber, page, frame, blockBytes);
    }

    /// <summary>
    /// Adds a page that is compressed already. The caller has checked that <paramref name="block"/> is the LZ4 block
    /// of <paramref name="page"/>: merging spares the compression, which is the slowest part of it.
    /// </summary>
    internal void AddCompressedPage(uint pageNumber, ReadOnlySpan<byte> page, ReadOnlySpan<byte> block)
    {
        ThrowUnlessNextPage(page);
        _sequence.Accept(pageNumber);
        var frame = _file.Reserve(LtxFormat.SizedPageHeaderBytes + block.Length);
        block.CopyTo(frame[LtxFormat.SizedPageHeaderBytes..]);
        FinishFrame(pageNumber, page, frame, block.Length);
    }

    /// <summary>
    /// Moves what is in memory to <paramref name="destination"/>, behind what was moved before: so a file of any size
    /// takes no more memory than what is added between two calls, and its index. The last one follows
    /// <see cref="Complete"/>.
    /// </summary>
    internal void DrainTo(SafeFileHandle destination)
    {
        WriteTo(destination);
        _drainedBytes += _file.Length;
        _file.Clear();
    }

    /// <summary>As above, and keeps it in memory as well: for the last part, after <see cref="Complete"/>.</summary>
    internal void WriteTo(SafeFileHandle destination) =>
        RandomAccess.Write(destination, _file.Written.Span, _drainedBytes);

    /// <summary>
    /// Ends the file and returns it (what was not drained), valid until the next <see cref="Begin"/> or disposal.
    /// </summary>
    /// <exception cref="LtxException">It is a snapshot and lacks a page.</exception>
    public ReadOnlyMemory<byte> Complete()
    {
        if (!_isOpen)
        {
            throw new InvalidOperationException("No file was begun.");
        }

        _sequence.Complete();
        _index.Append([0]);
        var tail = _file.Reserve(
            LtxFormat.PageHeaderBytes + _index.Length + LtxFormat.IndexLengthBytes + LtxFormat.TrailerBytes);
        tail[..LtxFormat.PageHeaderBytes].Clear();
        var length = LtxFormat.PageHeaderBytes;
        _index.Written.Span.CopyTo(tail[length..]);
        length += _index.Length;
        BinaryPrimitives.WriteUInt64BigEndian(tail[length..], (ulong)_index.Length);
        length += LtxFormat.IndexLengthBytes;

        // The post-apply checksum of the database: not tracked.
        BinaryPrimitives.WriteUInt64BigEndian(tail[length..], 0);
        length += sizeof(ulong);
        _checksum.Append(tail[..length]);
        BinaryPrimitives.WriteUInt64BigEndian(tail[length..], LtxFormat.ChecksumFlag | _checksum.Value);
        _file.Advance(length + sizeof(ulong));
        _isOpen = false;
        return _file.Written;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isOpen = false;
        _file.Dispose();
        _index.Dispose();
    }

    private void FinishFrame(uint pageNumber, ReadOnlySpan<byte> page, Span<byte> frame, int blockBytes)
    {
        BinaryPrimitives.WriteUInt32BigEndian(frame, pageNumber);
        BinaryPrimitives.WriteUInt16BigEndian(frame[4..], LtxFormat.SizedPageFlag);
        BinaryPrimitives.WriteInt32BigEndian(frame[6..], blockBytes);
        _checksum.Append(frame[..LtxFormat.SizedPageHeaderBytes]);
        _checksum.Append(page);
        var frameBytes = LtxFormat.SizedPageHeaderBytes + blockBytes;
        var entry = _index.Reserve(LtxIndexEntry.BytesMax);
        _index.Advance(LtxIndexEntry.Write(entry, pageNumber, _drainedBytes + _file.Length, frameBytes));
        _file.Advance(frameBytes);
    }

    private void ThrowUnlessNextPage(ReadOnlySpan<byte> page)
    {
        if (!_isOpen)
        {
            throw new InvalidOperationException("No file was begun.");
        }

        if (page.Length != _pageSize)
        {
            throw new ArgumentException($"{page.Length} bytes are no page of {_pageSize}.", nameof(page));
        }
    }
}
