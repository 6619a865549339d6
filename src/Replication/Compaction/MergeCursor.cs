using System.Buffers;
using Platform.Replication.Ltx;

namespace Platform.Replication.Compaction;

/// <summary>An input of a merge, and the page that it is at. Owns the reader.</summary>
internal sealed class MergeCursor(LtxReader reader) : IDisposable
{
    private byte[] _page = ArrayPool<byte>.Shared.Rent(reader.Header.PageSize);

    public LtxHeader Header => reader.Header;

    public uint PageNumber { get; private set; }

    /// <summary>Goes to the next page; false when there is none and the input proved undamaged.</summary>
    public async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        PageNumber = await reader.ReadPageAsync(_page, cancellationToken);
        return PageNumber != 0;
    }

    public void CopyPageTo(LtxWriter output)
    {
        var page = _page.AsSpan(0, Header.PageSize);
        if (reader.Block.IsEmpty)
        {
            output.AddPage(PageNumber, page);
        }
        else
        {
            output.AddCompressedPage(PageNumber, page, reader.Block);
        }
    }

    public void Dispose()
    {
        reader.Dispose();
        if (_page.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_page);
            _page = [];
        }
    }
}
