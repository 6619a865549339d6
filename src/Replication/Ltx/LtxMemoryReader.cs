namespace Platform.Replication.Ltx;

/// <summary>Reads an LTX file that is in memory as a whole; otherwise like <see cref="LtxReader"/>.</summary>
public sealed class LtxMemoryReader
{
    private readonly ReadOnlyMemory<byte> _file;
    private readonly LtxDecoder _decoder;
    private int _offset = LtxFormat.HeaderBytes;
    private bool _isComplete;

    /// <summary>Reads the header.</summary>
    /// <exception cref="LtxException">It is not valid.</exception>
    public LtxMemoryReader(ReadOnlyMemory<byte> file)
    {
        _decoder = new LtxDecoder(file.Span);
        _file = file;
    }

    /// <summary>The header, valid by itself but covered by the file checksum only once the file is over.</summary>
    public LtxHeader Header => _decoder.Header;

    /// <summary>The file checksum; 0 until the file is over.</summary>
    public ulong FileChecksum => _isComplete ? _decoder.FileChecksum : 0;

    /// <summary>
    /// Reads the next page into <paramref name="page"/>, which holds at least one page, and returns its number;
    /// 0 when there is none and the whole file proved right.
    /// </summary>
    /// <exception cref="LtxException">The file is damaged. The reader is of no more use.</exception>
    public uint ReadPage(Span<byte> page)
    {
        while (true)
        {
            var step = _decoder.Read(_file.Span[_offset..], page, out var consumed, out var number);
            _offset += consumed;
            switch (step)
            {
                case DecodeStep.Page:
                    return number;
                case DecodeStep.NeedsMore:
                    throw _decoder.Truncated();
                case DecodeStep.End:
                    _isComplete = _offset == _file.Length;
                    return _isComplete ? 0u : throw _decoder.Trailing();
            }
        }
    }
}
