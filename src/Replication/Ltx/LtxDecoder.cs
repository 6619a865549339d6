using System.Buffers.Binary;

namespace Platform.Replication.Ltx;

/// <summary>
/// The decoder proper, fed with bytes by its reader. It verifies the order of pages, each page's size, the index,
/// both kinds of checksum and every length, with constant memory: the index that the file must have is summed up
/// while pages go by, and compared with the one that it has.
/// </summary>
internal sealed class LtxDecoder
{
    /// <summary>The longest page frame of any file: what a reader must be able to hold in one piece.</summary>
    public static readonly int FrameBytesMax = LtxFormat.SizedPageHeaderBytes + Lz4.Bound(LtxFormat.PageSizeMax);

    private readonly LtxHeader _header;
    private readonly bool _checksDatabase;
    private PageSequence _sequence;
    private Crc64 _fileChecksum;
    private Crc64 _expectedIndex;
    private Crc64 _index;
    private ulong _databaseChecksum = LtxFormat.ChecksumFlag;
    private long _offset = LtxFormat.HeaderBytes;
    private long _indexBytes;
    private long _indexBytesLeft;
    private Phase _phase;

    public LtxDecoder(ReadOnlySpan<byte> header)
    {
        Lz4.Require();
        _header = LtxHeader.Parse(header);
        _checksDatabase = _header is { TracksDatabaseChecksum: true, IsSnapshot: true };
        _sequence = new PageSequence(_header);
        _fileChecksum.Append(header[..LtxFormat.HeaderBytes]);
    }

    private enum Phase
    {
        Pages,
        Index,
        Tail,
        End,
        Failed,
    }

    public LtxHeader Header => _header;

    /// <summary>The file checksum, once the file is over.</summary>
    public ulong FileChecksum { get; private set; }

    /// <summary>Length of the LZ4 block that ends the frame of the last page; 0 if it was an LZ4 frame.</summary>
    public int BlockBytes { get; private set; }

    /// <summary>Decodes the next part of the file from <paramref name="available"/>.</summary>
    public DecodeStep Read(ReadOnlySpan<byte> available, Span<byte> page, out int consumed, out uint pageNumber)
    {
        if (page.Length < _header.PageSize)
        {
            throw new ArgumentException($"{page.Length} bytes hold no page of {_header.PageSize}.", nameof(page));
        }

        pageNumber = 0;
        try
        {
            var step = _phase switch
            {
                Phase.Pages => ReadPage(available, page[.._header.PageSize], out consumed, out pageNumber),
                Phase.Index => ReadIndex(available, out consumed),
                Phase.Tail => ReadTail(available, out consumed),
                Phase.End => End(out consumed),
                _ => throw new InvalidOperationException("The file was found to be damaged before."),
            };
            _offset += consumed;
            return step;
        }
        catch (LtxException)
        {
            _phase = Phase.Failed;
            throw;
        }
    }

    /// <summary>The error for a file that ends where the decoder needs more.</summary>
    public LtxException Truncated()
    {
        _phase = Phase.Failed;
        return new LtxException(LtxFault.Truncated, $"the file ends within the part that starts at byte {_offset}.");
    }

    /// <summary>The error for a file that does not end after its trailer.</summary>
    public LtxException Trailing()
    {
        _phase = Phase.Failed;
        return new LtxException(LtxFault.TrailingBytes, $"the file goes on after its trailer, at byte {_offset}.");
    }

    private static DecodeStep End(out int consumed)
    {
        consumed = 0;
        return DecodeStep.End;
    }

    private DecodeStep ReadPage(ReadOnlySpan<byte> available, Span<byte> page, out int consumed, out uint pageNumber)
    {
        consumed = 0;
        pageNumber = 0;
        if (available.Length < LtxFormat.PageHeaderBytes)
        {
            return DecodeStep.NeedsMore;
        }

        var flags = BinaryPrimitives.ReadUInt16BigEndian(available[4..]);
        pageNumber = BinaryPrimitives.ReadUInt32BigEndian(available);
        if (pageNumber == 0 && flags == 0)
        {
            consumed = LtxFormat.PageHeaderBytes;
            return EndPages(available[..consumed]);
        }

        _sequence.Check(pageNumber);
        var outcome = flags switch
        {
            LtxFormat.SizedPageFlag => ReadBlock(available, page, out consumed),
            0 => ReadFrame(available, page, out consumed),
            _ => throw new LtxException(LtxFault.BadPageFlags, $"page flags 0x{flags:x4} at byte {_offset}."),
        };
        if (outcome == DecodeStep.Page)
        {
            AcceptPage(pageNumber, page, consumed);
        }

        return outcome;
    }

    private DecodeStep ReadBlock(ReadOnlySpan<byte> available, Span<byte> page, out int consumed)
    {
        consumed = 0;
        if (available.Length < LtxFormat.SizedPageHeaderBytes)
        {
            return DecodeStep.NeedsMore;
        }

        var blockBytes = BinaryPrimitives.ReadUInt32BigEndian(available[LtxFormat.PageHeaderBytes..]);
        if (blockBytes == 0 || blockBytes > Lz4.Bound(page.Length))
        {
            throw new LtxException(
                LtxFault.BadCompression, $"a block of {blockBytes} bytes at byte {_offset} is no page.");
        }

        var frameBytes = LtxFormat.SizedPageHeaderBytes + (int)blockBytes;
        if (available.Length < frameBytes)
        {
            return DecodeStep.NeedsMore;
        }

        if (!Lz4.TryDecompress(available[LtxFormat.SizedPageHeaderBytes..frameBytes], page))
        {
            throw new LtxException(LtxFault.BadCompression, $"the block at byte {_offset} is no page.");
        }

        _fileChecksum.Append(available[..LtxFormat.SizedPageHeaderBytes]);
        BlockBytes = (int)blockBytes;
        consumed = frameBytes;
        return DecodeStep.Page;
    }

    private DecodeStep ReadFrame(ReadOnlySpan<byte> available, Span<byte> page, out int consumed)
    {
        consumed = 0;
        var outcome = Lz4Frame.Decompress(available[LtxFormat.PageHeaderBytes..], page, out var bytes);
        if (outcome == Lz4Frame.Outcome.NeedsMore && available.Length < FrameBytesMax)
        {
            return DecodeStep.NeedsMore;
        }

        if (outcome != Lz4Frame.Outcome.Complete)
        {
            throw new LtxException(LtxFault.BadCompression, $"the LZ4 frame at byte {_offset} is no page.");
        }

        _fileChecksum.Append(available[..LtxFormat.PageHeaderBytes]);
        BlockBytes = 0;
        consumed = LtxFormat.PageHeaderBytes + bytes;
        return DecodeStep.Page;
    }

    private void AcceptPage(uint pageNumber, ReadOnlySpan<byte> page, int frameBytes)
    {
        _sequence.Accept(pageNumber);
        _fileChecksum.Append(page);
        Span<byte> entry = stackalloc byte[LtxIndexEntry.BytesMax];
        var entryBytes = LtxIndexEntry.Write(entry, pageNumber, _offset, frameBytes);
        _expectedIndex.Append(entry[..entryBytes]);
        _indexBytes += entryBytes;
        if (_checksDatabase)
        {
            AddToDatabaseChecksum(pageNumber, page);
        }
    }

    /// <summary>The database checksum is the exclusive or of the checksums of (page number, page).</summary>
    private void AddToDatabaseChecksum(uint pageNumber, ReadOnlySpan<byte> page)
    {
        Span<byte> number = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(number, pageNumber);
        var checksum = default(Crc64);
        checksum.Append(number);
        checksum.Append(page);
        _databaseChecksum = LtxFormat.ChecksumFlag | (_databaseChecksum ^ checksum.Value);
    }

    private DecodeStep EndPages(ReadOnlySpan<byte> endMark)
    {
        _sequence.Complete();
        _fileChecksum.Append(endMark);
        _expectedIndex.Append([0]);
        _indexBytes++;
        _indexBytesLeft = _indexBytes;
        _phase = Phase.Index;
        return DecodeStep.Progress;
    }

    private DecodeStep ReadIndex(ReadOnlySpan<byte> available, out int consumed)
    {
        consumed = (int)Math.Min(available.Length, _indexBytesLeft);
        if (consumed == 0)
        {
            return DecodeStep.NeedsMore;
        }

        _index.Append(available[..consumed]);
        _fileChecksum.Append(available[..consumed]);
        _indexBytesLeft -= consumed;
        if (_indexBytesLeft == 0)
        {
            if (_index.Value != _expectedIndex.Value)
            {
                throw new LtxException(LtxFault.BadIndex, "the page index does not describe the pages.");
            }

            _phase = Phase.Tail;
        }

        return DecodeStep.Progress;
    }

    private DecodeStep ReadTail(ReadOnlySpan<byte> available, out int consumed)
    {
        const int TailBytes = LtxFormat.IndexLengthBytes + LtxFormat.TrailerBytes;
        consumed = 0;
        if (available.Length < TailBytes)
        {
            return DecodeStep.NeedsMore;
        }

        var length = BinaryPrimitives.ReadUInt64BigEndian(available);
        if (length != (ulong)_indexBytes)
        {
            throw new LtxException(LtxFault.BadIndex, $"the page index has {_indexBytes} bytes, not {length}.");
        }

        consumed = TailBytes;
        CheckTrailer(available[..TailBytes]);
        _phase = Phase.End;
        return DecodeStep.End;
    }

    private void CheckTrailer(ReadOnlySpan<byte> tail)
    {
        _fileChecksum.Append(tail[..^sizeof(ulong)]);
        FileChecksum = BinaryPrimitives.ReadUInt64BigEndian(tail[^sizeof(ulong)..]);
        var computed = LtxFormat.ChecksumFlag | _fileChecksum.Value;
        if (FileChecksum != computed)
        {
            throw new LtxException(
                LtxFault.ChecksumMismatch, $"the file checksum is {FileChecksum:x16}, the content's {computed:x16}.");
        }

        var database = BinaryPrimitives.ReadUInt64BigEndian(tail[LtxFormat.IndexLengthBytes..]);
        var isAllowed = _header.TracksDatabaseChecksum
            ? (database & LtxFormat.ChecksumFlag) != 0 && (!_checksDatabase || database == _databaseChecksum)
            : database == 0;
        if (!isAllowed)
        {
            throw new LtxException(
                LtxFault.BadDatabaseChecksum, $"post-apply checksum {database:x16} does not fit the pages.");
        }
    }
}
