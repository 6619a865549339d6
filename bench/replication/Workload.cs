using Platform.Replication.Compaction;
using Platform.Replication.Ltx;

namespace Platform.Replication.Bench;

/// <summary>The things to be measured. Each goes once over all pages of the database.</summary>
internal sealed class Workload : IDisposable
{
    private readonly int _pageSize;
    private readonly byte[] _database;
    private readonly byte[] _page;
    private readonly byte[] _blocks;
    private readonly int[] _blockBytes;
    private readonly LtxWriter _writer = new();
    private readonly LtxHeader _header;

    public Workload(byte[] database, int pageSize)
    {
        (_database, _pageSize) = (database, pageSize);
        _page = new byte[pageSize];
        _blocks = new byte[database.Length + (database.Length / 16) + 1024];
        _blockBytes = new int[database.Length / pageSize];
        _header = new LtxHeader
        {
            PageSize = pageSize,
            Commit = (uint)_blockBytes.Length,
            MinTxid = new Txid(1),
            MaxTxid = new Txid(1),
            TimestampMilliseconds = 1,
        };
        File = Encode(_writer, _header, step: 1).ToArray();
        Increment = Encode(_writer, _header with { MinTxid = new Txid(2), MaxTxid = new Txid(2) }, step: 4).ToArray();
    }

    /// <summary>The whole database as one LTX file.</summary>
    public byte[] File { get; }

    /// <summary>Every fourth page of it as a second file.</summary>
    public byte[] Increment { get; }

    public void Lz4Compress()
    {
        var offset = 0;
        for (var index = 0; index < _blockBytes.Length; index++)
        {
            _blockBytes[index] = RawLz4.Compress(PageAt(index), _blocks.AsSpan(offset));
            offset += _blockBytes[index];
        }
    }

    public void Lz4Decompress()
    {
        var offset = 0;
        foreach (var length in _blockBytes)
        {
            if (RawLz4.Decompress(_blocks.AsSpan(offset, length), _page) != _pageSize)
            {
                throw new InvalidOperationException("LZ4 did not give a page back.");
            }

            offset += length;
        }
    }

    public void Checksum()
    {
        var crc = default(Crc64);
        for (var index = 0; index < _blockBytes.Length; index++)
        {
            crc.Append(PageAt(index));
        }
    }

    public void LtxEncode() => Encode(_writer, _header, step: 1);

    public void LtxDecode()
    {
        var reader = new LtxMemoryReader(File);
        while (reader.ReadPage(_page) != 0)
        {
        }
    }

    public async Task LtxDecodeStreamAsync()
    {
        using var reader = await LtxReader.OpenAsync(new MemoryStream(File), CancellationToken.None);
        while (await reader.ReadPageAsync(_page, CancellationToken.None) != 0)
        {
        }
    }

    public async Task LtxMergeAsync() => await LtxMerger.MergeAsync(
        [new MemoryStream(File), new MemoryStream(Increment)], _writer, CancellationToken.None);

    public void Dispose() => _writer.Dispose();

    private ReadOnlyMemory<byte> Encode(LtxWriter writer, in LtxHeader header, int step)
    {
        writer.Begin(header);
        for (var index = 0; index < _blockBytes.Length; index += step)
        {
            writer.AddPage((uint)index + 1, PageAt(index));
        }

        return writer.Complete();
    }

    private ReadOnlySpan<byte> PageAt(int index) => _database.AsSpan(index * _pageSize, _pageSize);
}
