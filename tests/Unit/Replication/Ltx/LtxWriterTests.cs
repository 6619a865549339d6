using Platform.Replication.Ltx;

namespace Platform.Replication.Tests.Ltx;

public sealed class LtxWriterTests : IDisposable
{
    private readonly LtxWriter _writer = new();
    private readonly byte[] _page = new byte[512];

    public void Dispose() => _writer.Dispose();

    [Theory]
    [InlineData(0U)]
    [InlineData(4U)]
    [InlineData(5U)]
    [InlineData(11U)]
    public void A_page_that_may_not_follow_is_refused(uint number)
    {
        _writer.Begin(Samples.Header(512, 10, 2, 2));
        _writer.AddPage(5, _page);
        AssertFault(LtxFault.BadPageNumber, () => _writer.AddPage(number, _page));
        _writer.AddPage(10, _page);
    }

    [Fact]
    public void The_lock_page_is_refused()
    {
        var header = Samples.Header(512, 3_000_000, 2, 2);
        _writer.Begin(header);
        AssertFault(LtxFault.BadPageNumber, () => _writer.AddPage(header.LockPage, _page));
    }

    [Fact]
    public void A_snapshot_may_not_leave_out_a_page_in_its_middle()
    {
        _writer.Begin(Samples.Header(512, 10, 1, 2));
        _writer.AddPage(1, _page);
        AssertFault(LtxFault.IncompleteSnapshot, () => _writer.AddPage(3, _page));
    }

    [Fact]
    public void A_snapshot_may_not_leave_out_its_last_page()
    {
        _writer.Begin(Samples.Header(512, 2, 1, 2));
        _writer.AddPage(1, _page);
        AssertFault(LtxFault.IncompleteSnapshot, () => _writer.Complete());
    }

    [Fact]
    public void Pages_and_files_need_a_beginning()
    {
        Assert.Throws<InvalidOperationException>(() => _writer.AddPage(1, _page));
        Assert.Throws<InvalidOperationException>(() => _writer.Complete());
        _writer.Begin(Samples.Header(512, 2, 2, 2));
        _writer.Complete();
        Assert.Throws<InvalidOperationException>(() => _writer.AddPage(1, _page));
    }

    [Fact]
    public void A_page_of_another_size_is_refused()
    {
        _writer.Begin(Samples.Header(1024, 2, 2, 2));
        Assert.Throws<ArgumentException>(() => _writer.AddPage(1, _page));
    }

    [Theory]
    [InlineData(513, 1, 2, 2, 0, 0, LtxFault.BadPageSize)]
    [InlineData(256, 1, 2, 2, 0, 0, LtxFault.BadPageSize)]
    [InlineData(131072, 1, 2, 2, 0, 0, LtxFault.BadPageSize)]
    [InlineData(512, 0, 2, 2, 0, 0, LtxFault.BadCommit)]
    [InlineData(512, 1, 0, 2, 0, 0, LtxFault.BadTxidRange)]
    [InlineData(512, 1, 3, 2, 0, 0, LtxFault.BadTxidRange)]
    [InlineData(512, 1, 2, 2, 0, 1, LtxFault.BadWalPosition)]
    [InlineData(512, 1, 2, 2, -1, 1, LtxFault.BadWalPosition)]
    public void A_header_that_others_would_refuse_is_not_written(
        int pageSize, uint commit, ulong min, ulong max, long walOffset, long walSize, LtxFault fault)
    {
        var header = Samples.Header(pageSize, commit, min, max) with { WalOffset = walOffset, WalSize = walSize };
        AssertFault(fault, () => _writer.Begin(header));
    }

    [Fact]
    public void A_missing_library_is_named_with_its_package()
    {
        var error = Assert.Throws<LtxException>(() => Lz4.Require("liblz4-that-is-not-there.so.1"));
        Assert.Equal(LtxFault.MissingLibrary, error.Fault);
        Assert.Contains("liblz4-1", error.Message, StringComparison.Ordinal);
    }

    private static void AssertFault(LtxFault fault, Action action) =>
        Assert.Equal(fault, Assert.Throws<LtxException>(action).Fault);
}
