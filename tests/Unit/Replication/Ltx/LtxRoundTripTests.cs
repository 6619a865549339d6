using Platform.Replication.Ltx;

namespace Platform.Replication.Tests.Ltx;

public sealed class LtxRoundTripTests
{
    public static TheoryData<int> PageSizes => [512, 1024, 2048, 4096, 8192, 16384, 32768, 65536];

    [Theory]
    [MemberData(nameof(PageSizes))]
    public async Task A_snapshot_reads_back_at_every_page_size(int pageSize)
    {
        var content = Samples.Snapshot(new Random(pageSize), pageSize, commit: 9, max: 4);
        await AssertReadsBackAsync(content);
    }

    [Theory]
    [MemberData(nameof(PageSizes))]
    public async Task Pages_on_both_sides_of_the_lock_page_read_back_at_every_page_size(int pageSize)
    {
        var lockPage = (uint)(0x40000000 / pageSize) + 1;
        var header = Samples.Header(pageSize, lockPage + 5, 2, 3);
        Assert.Equal(lockPage, header.LockPage);
        var content = Samples.File(new Random(1), header, [1, lockPage - 1, lockPage + 1, lockPage + 5]);
        await AssertReadsBackAsync(content);
    }

    [Fact]
    public void A_snapshot_jumps_over_the_lock_page()
    {
        // Page size 65536 puts the lock page at 16385: the fewest pages that reach it. All are alike, to be quick.
        const uint LockPage = 16385;
        var page = new byte[65536];
        using var writer = new LtxWriter();
        writer.Begin(Samples.Header(65536, LockPage + 1, 1, 1));
        for (uint number = 1; number <= LockPage + 1; number++)
        {
            if (number != LockPage)
            {
                writer.AddPage(number, page);
            }
        }

        var reader = new LtxMemoryReader(writer.Complete());
        uint pages = 0;
        uint last = 0;
        for (var number = reader.ReadPage(page); number != 0; number = reader.ReadPage(page))
        {
            (last, pages) = (number, pages + 1);
        }

        Assert.Equal((LockPage + 1, LockPage), (last, pages));
    }

    [Fact]
    public async Task A_file_without_pages_reads_back() =>
        await AssertReadsBackAsync(Samples.File(new Random(1), Samples.Header(4096, 10, 7, 7), []));

    [Fact]
    public async Task Frames_of_older_writers_read_back()
    {
        foreach (var pageSize in new[] { 512, 4096, 65536 })
        {
            var content = Samples.Snapshot(new Random(5), pageSize, commit: 12, max: 1);
            var file = FrameFormEncoder.Encode(content);
            content.AssertSamePages(LtxContent.Decode(file));
            content.AssertSamePages(await LtxContent.DecodeAsync(new TricklingStream(file, 1000)));
        }
    }

    [Fact]
    public async Task A_file_that_arrives_byte_by_byte_reads_back()
    {
        var content = Samples.Snapshot(new Random(6), 512, commit: 20, max: 1);
        content.AssertSamePages(await LtxContent.DecodeAsync(new TricklingStream(content.Encode(), 1)));
    }

    [Fact]
    public void A_writer_is_of_use_again_after_a_file_and_after_a_refusal()
    {
        var first = Samples.Snapshot(new Random(7), 4096, commit: 40, max: 1);
        var second = Samples.File(new Random(8), Samples.Header(512, 8, 2, 2), [3, 8]);
        using var writer = new LtxWriter();
        foreach (var content in new[] { first, second, first })
        {
            writer.Begin(content.Header);
            foreach (var (number, page) in content.Pages)
            {
                writer.AddPage(number, page);
            }

            content.AssertSamePages(LtxContent.Decode(writer.Complete()));
            writer.Begin(content.Header);
            Assert.Throws<LtxException>(() => writer.AddPage(1000, content.Pages.Values.First()));
        }
    }

    private static async Task AssertReadsBackAsync(LtxContent content)
    {
        var file = content.Encode();
        var decoded = LtxContent.Decode(file);
        Assert.Equal(content.Header, decoded.Header);
        content.AssertSamePages(decoded);
        content.AssertSamePages(await LtxContent.DecodeAsync(new TricklingStream(file, 777)));
    }
}
