using Platform.Cluster.Configuration;

namespace Platform.Cluster.Tests.Configuration;

public sealed class NearestNameTests
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("abc", "", 3)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("ab", "ba", 1)]
    [InlineData("Listen", "listen", 0)]
    public void Distance_counts_edits(string first, string second, int expected)
    {
        Assert.Equal(expected, NearestName.Distance(first, second));
        Assert.Equal(expected, NearestName.Distance(second, first));
    }

    [Fact]
    public void Nothing_is_suggested_when_nothing_is_near() =>
        Assert.Null(NearestName.Find("something-else", ["serve", "help"]));
}
