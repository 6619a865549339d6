using Platform.Replication.Tests.Ltx;

namespace Platform.Replication.Tests.Compaction;

/// <summary>A made-up database that lives through transactions: what it was after each, and the file of each.</summary>
internal sealed class HistoryModel
{
    public const int PageSize = 512;

    private readonly Random _random;
    private List<byte[]> _pages = [];

    public HistoryModel(Random random, int transactions)
    {
        _random = random;
        for (ulong txid = 1; txid <= (ulong)transactions; txid++)
        {
            Commit(txid);
        }
    }

    public List<LtxContent> Files { get; } = [];

    /// <summary>The database after each transaction.</summary>
    public List<byte[][]> Images { get; } = [];

    /// <summary>What one file for the transactions of <paramref name="range"/> holds, said without merging:
    /// the pages, as they are at its end, that any of its transactions wrote.</summary>
    public SortedDictionary<uint, byte[]> Expected(Range range)
    {
        var image = Images[range][^1];
        var written = Files[range].SelectMany(file => file.Pages.Keys).Distinct().Where(page => page <= image.Length);
        return new SortedDictionary<uint, byte[]>(written.ToDictionary(page => page, page => image[page - 1]));
    }

    private void Commit(ulong txid)
    {
        var before = _pages.Count;
        var after = txid == 1 ? _random.Next(1, 30) : Math.Max(1, before + _random.Next(-8, 9));
        _pages = [.. Enumerable.Range(0, after).Select(index => index < before ? _pages[index] : [])];
        var changed = new SortedDictionary<uint, byte[]>();
        for (var index = 0; index < after; index++)
        {
            if (index >= before || _random.Next(4) == 0)
            {
                _pages[index] = Samples.Page(_random, PageSize);
                changed.Add((uint)index + 1, _pages[index]);
            }
        }

        Images.Add([.. _pages]);
        Files.Add(new LtxContent(Samples.Header(PageSize, (uint)after, txid, txid), changed, 0));
    }
}
