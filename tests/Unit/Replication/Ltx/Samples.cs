using Platform.Replication.Ltx;

namespace Platform.Replication.Tests.Ltx;

/// <summary>Made-up databases: pages of words, so that they compress like real ones, or of noise.</summary>
internal static class Samples
{
    public static byte[] Page(Random random, int pageSize)
    {
        var page = new byte[pageSize];
        if (random.Next(4) == 0)
        {
            random.NextBytes(page);
            return page;
        }

        for (var offset = 0; offset < pageSize - 8; offset += 8)
        {
            "abcdefgh"u8[..random.Next(1, 8)].CopyTo(page.AsSpan(offset));
        }

        return page;
    }

    public static LtxHeader Header(int pageSize, uint commit, ulong min, ulong max) => new()
    {
        PageSize = pageSize,
        Commit = commit,
        MinTxid = new Txid(min),
        MaxTxid = new Txid(max),
        TimestampMilliseconds = 1_767_225_600_000 + (long)max,
    };

    public static LtxContent File(Random random, in LtxHeader header, IEnumerable<uint> numbers)
    {
        var pages = new SortedDictionary<uint, byte[]>();
        foreach (var number in numbers)
        {
            pages.Add(number, Page(random, header.PageSize));
        }

        return new LtxContent(header, pages, 0);
    }

    public static LtxContent Snapshot(Random random, int pageSize, uint commit, ulong max) =>
        File(random, Header(pageSize, commit, 1, max), Enumerable.Range(1, (int)commit).Select(number => (uint)number));
}
