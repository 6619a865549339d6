using Platform.Replication.Compaction;
using Platform.Replication.Ltx;
using Platform.Replication.Tests.Ltx;

namespace Platform.Replication.Tests.Compaction;

public sealed class LtxMergerTests : IDisposable
{
    private readonly LtxWriter _writer = new();

    public void Dispose() => _writer.Dispose();

    [Fact]
    public async Task Any_part_of_any_history_merges_to_what_it_left_behind()
    {
        for (var seed = 0; seed < 150; seed++)
        {
            var random = new Random(seed);
            var history = new HistoryModel(random, 12);
            var start = random.Next(0, 11);
            var range = start..random.Next(start + 1, 13);
            var merged = await MergeAsync(history.Files[range].Select(file => file.Encode()));
            AssertIs(history, range, merged);
        }
    }

    [Fact]
    public async Task Merging_merges_gives_what_merging_all_gives()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var history = new HistoryModel(random, 9);
            var files = history.Files.ConvertAll(file => file.Encode());
            var parts = new List<byte[]>();
            for (var start = 0; start < files.Count;)
            {
                var end = Math.Min(files.Count, start + random.Next(1, 4));
                parts.Add(await MergeAsync(files[start..end]));
                start = end;
            }

            AssertIs(history, .., await MergeAsync(parts));
        }
    }

    [Fact]
    public async Task Ranges_that_overlap_forward_merge()
    {
        var history = new HistoryModel(new Random(9), 6);
        var files = history.Files.ConvertAll(file => file.Encode());
        var merged = await MergeAsync([await MergeAsync(files[..4]), await MergeAsync(files[2..])]);
        AssertIs(history, .., merged);
    }

    [Fact]
    public async Task Frames_of_older_writers_merge_into_blocks()
    {
        var history = new HistoryModel(new Random(10), 4);
        var merged = await MergeAsync(history.Files.Select(FrameFormEncoder.Encode));
        AssertIs(history, .., merged);
        Assert.Equal(1, merged[105]);
    }

    [Fact]
    public async Task The_vectors_of_every_case_merge_to_their_database()
    {
        foreach (var entry in LtxVectors.Cases)
        {
            ulong reached = 0;
            var files = new List<byte[]>();
            foreach (var file in entry.Files.OrderBy(file => file.MinTxid).ThenByDescending(file => file.MaxTxid))
            {
                if (file.MaxTxid > reached)
                {
                    files.Add(LtxVectors.Read(file.File));
                    reached = file.MaxTxid;
                }
            }

            var merged = LtxContent.Decode(await MergeAsync(files));
            var image = LtxVectors.Read(entry.Images.Single(image => image.Txid == reached).File);
            Assert.Equal(image, merged.Pages.Values.SelectMany(page => page));
        }
    }

    [Fact]
    public async Task A_page_that_was_cut_off_does_not_come_back()
    {
        // Page 3 is lost with the second file, and the third grows over it without holding it.
        byte[][] files =
        [
            File(1, 3, 1, 2, 3), File(2, 1, 1), File(3, 4, 4),
        ];
        await AssertFaultAsync(LtxFault.MissingPage, files);
        await AssertFaultAsync(LtxFault.MissingPage, files[1..]);
        await AssertFaultAsync(LtxFault.MissingPage, [files[0], files[1], File(3, 3, 2)]);
        Assert.Equal([1U, 2U, 3U, 4U], LtxContent.Decode(
            await MergeAsync([files[0], files[1], File(3, 4, 2, 3, 4)])).Pages.Keys);
    }

    [Fact]
    public async Task Gaps_and_ranges_that_go_back_are_refused()
    {
        await AssertFaultAsync(LtxFault.NotContiguous, [File(1, 1, 1), File(3, 1, 1)]);
        await AssertFaultAsync(LtxFault.NotContiguous, [File(2, 1, 1), File(2, 1, 1)]);
        await AssertFaultAsync(LtxFault.NotContiguous, [File(2, 1, 1), File(1, 1, 1)]);
    }

    [Fact]
    public async Task Different_page_sizes_are_refused() => await AssertFaultAsync(
        LtxFault.PageSizeMismatch,
        [File(1, 1, 1), Samples.File(new Random(1), Samples.Header(1024, 1, 2, 2), [1]).Encode()]);

    [Fact]
    public async Task A_damaged_input_is_refused_even_where_none_of_its_pages_is_kept()
    {
        var damaged = File(1, 2, 1, 2);
        damaged[^1] ^= 1;
        await AssertFaultAsync(LtxFault.ChecksumMismatch, [damaged, File(2, 2, 1, 2)]);
        await AssertFaultAsync(LtxFault.Truncated, [File(1, 2, 1, 2), File(2, 2, 1, 2)[..^1]]);
    }

    [Fact]
    public async Task Nothing_does_not_merge() =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => MergeAsync([]));

    private static byte[] File(ulong txid, uint commit, params uint[] pages) =>
        Samples.File(new Random((int)txid), Samples.Header(512, commit, txid, txid), pages).Encode();

    private static void AssertIs(HistoryModel history, Range range, byte[] merged)
    {
        var content = LtxContent.Decode(merged);
        var files = history.Files[range];
        Assert.Equal(
            files[^1].Header with { MinTxid = files[0].Header.MinTxid, WalOffset = 0, WalSize = 0 }, content.Header);
        content.AssertSamePages(content with { Pages = history.Expected(range) });
        new LtxContent(content.Header, history.Expected(range), 0).AssertSamePages(content);
    }

    private async Task<byte[]> MergeAsync(IEnumerable<byte[]> files)
    {
        var streams = files.Select(file => (Stream)new TricklingStream(file, 900)).ToList();
        return (await LtxMerger.MergeAsync(streams, _writer, CancellationToken.None)).ToArray();
    }

    private async Task AssertFaultAsync(LtxFault fault, byte[][] files) =>
        Assert.Equal(fault, (await Assert.ThrowsAsync<LtxException>(() => MergeAsync(files))).Fault);
}
