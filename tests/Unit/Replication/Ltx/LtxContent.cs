using Platform.Replication.Ltx;

namespace Platform.Replication.Tests.Ltx;

/// <summary>A whole LTX file in plain form, with both ways to read one and the way to write one.</summary>
internal sealed record LtxContent(LtxHeader Header, SortedDictionary<uint, byte[]> Pages, ulong FileChecksum)
{
    public static LtxContent Decode(ReadOnlyMemory<byte> file)
    {
        var reader = new LtxMemoryReader(file);
        var pages = new SortedDictionary<uint, byte[]>();
        var page = new byte[reader.Header.PageSize];
        for (var number = reader.ReadPage(page); number != 0; number = reader.ReadPage(page))
        {
            pages.Add(number, page.ToArray());
        }

        return new LtxContent(reader.Header, pages, reader.FileChecksum);
    }

    public static async Task<LtxContent> DecodeAsync(Stream file)
    {
        using var reader = await LtxReader.OpenAsync(file, CancellationToken.None);
        var pages = new SortedDictionary<uint, byte[]>();
        var page = new byte[reader.Header.PageSize];
        while (await reader.ReadPageAsync(page, CancellationToken.None) is var number and not 0)
        {
            pages.Add(number, page.ToArray());
        }

        return new LtxContent(reader.Header, pages, reader.FileChecksum);
    }

    public byte[] Encode()
    {
        using var writer = new LtxWriter();
        writer.Begin(Header);
        foreach (var (number, page) in Pages)
        {
            writer.AddPage(number, page);
        }

        return writer.Complete().ToArray();
    }

    public void AssertSamePages(LtxContent other)
    {
        Assert.Equal(Pages.Keys, other.Pages.Keys);
        Assert.All(Pages, page => Assert.True(page.Value.AsSpan().SequenceEqual(other.Pages[page.Key])));
    }
}
