using Platform.Replication.Ltx;
using Platform.Replication.ObjectStore;

namespace Platform.Replication.Tests.Ltx;

public sealed class NameTests
{
    [Fact]
    public void A_file_name_reads_back()
    {
        var name = LtxFileName.Format(new Txid(2), new Txid(0x1F));
        Assert.Equal("0000000000000002-000000000000001f.ltx", name);
        Assert.True(LtxFileName.TryParse(name, out var min, out var max));
        Assert.Equal((2UL, 31UL), (min.Value, max.Value));
    }

    [Theory]
    [InlineData("0000000000000002-0000000000000001.ltx")]
    [InlineData("0000000000000000-0000000000000001.ltx")]
    [InlineData("0000000000000001-000000000000000A.ltx")]
    [InlineData("0000000000000001_0000000000000001.ltx")]
    [InlineData("0000000000000001-0000000000000001.LTX")]
    [InlineData("0000000000000001-0000000000000001.ltx.tmp")]
    [InlineData("x/000000000000001-0000000000000001.ltx")]
    [InlineData("lock.json")]
    public void Foreign_names_are_no_files(string name) => Assert.False(LtxFileName.TryParse(name, out _, out _));

    [Theory]
    [InlineData(0UL, 1UL)]
    [InlineData(2UL, 1UL)]
    public void A_range_that_no_file_can_have_is_refused(ulong min, ulong max) => Assert.Equal(
        LtxFault.BadTxidRange,
        Assert.Throws<LtxException>(() => LtxFileName.Format(new Txid(min), new Txid(max))).Fault);

    [Theory]
    [InlineData(ReplicaLayout.S3, 0, "tenants/a/data.db/0000/")]
    [InlineData(ReplicaLayout.S3, 9, "tenants/a/data.db/0009/")]
    [InlineData(ReplicaLayout.Folder, 0, "tenants/a/data.db/ltx/0/")]
    [InlineData(ReplicaLayout.Folder, 9, "tenants/a/data.db/ltx/9/")]
    public void Levels_are_where_Litestream_looks(ReplicaLayout layout, int level, string expected)
    {
        Assert.Equal(expected, ReplicaPath.Level(layout, "tenants/a/data.db", level));
        Assert.Equal(
            expected + "0000000000000001-0000000000000002.ltx",
            ReplicaPath.File(layout, "tenants/a/data.db", level, new Txid(1), new Txid(2)));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(10)]
    public void There_are_ten_levels(int level) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ReplicaPath.Level(ReplicaLayout.S3, "a", level));
}
