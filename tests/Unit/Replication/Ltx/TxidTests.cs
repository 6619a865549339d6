using Platform.Replication.Ltx;

namespace Platform.Replication.Tests.Ltx;

public sealed class TxidTests
{
    [Theory]
    [InlineData(0UL, "0000000000000000")]
    [InlineData(0xABCDEFUL, "0000000000abcdef")]
    [InlineData(ulong.MaxValue, "ffffffffffffffff")]
    public void Text_is_sixteen_lower_case_digits_and_reads_back(ulong value, string text)
    {
        Assert.Equal(text, new Txid(value).ToString());
        Assert.True(Txid.TryParse(text, out var parsed));
        Assert.Equal(value, parsed.Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("000000000000000A")]
    [InlineData("000000000000000g")]
    [InlineData(" 00000000000000a")]
    [InlineData("00000000000000000")]
    public void Other_text_is_no_txid(string text) => Assert.False(Txid.TryParse(text, out _));

    [Fact]
    public void Txids_are_ordered_and_have_a_successor()
    {
        Assert.True(new Txid(1) < new Txid(2));
        Assert.True(new Txid(2) >= new Txid(2));
        Assert.Equal(new Txid(3), new Txid(2).Next);
        Assert.Throws<OverflowException>(() => new Txid(ulong.MaxValue).Next);
    }
}
