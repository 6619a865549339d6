using Platform.Replication.Compaction;
using Platform.Replication.Maintenance;
using Platform.Replication.Tests.Maintenance;

namespace Platform.Replication.Tests.Compaction;

public sealed class CompactionPolicyTests
{
    private static readonly UpkeepOptions Options = new()
    {
        FilesPerMerge = [4, 3],
        MergeFilesMin = 2,
        MergeBytesDue = 1000,
        MergeBytesMax = 2000,
    };

    [Theory]
    [InlineData("nothing", "", "")]
    [InlineData("too few", "0/1 0/2..4", "")]
    [InlineData("enough, and the first image is left out", "0/1 0/2..5", "1/2-5")]
    [InlineData("two merges and a rest", "0/1..10", "1/2-5 1/6-9")]
    [InlineData("what is merged already", "0/1..9 1/2-5", "1/6-9")]
    [InlineData("what is merged higher up already", "0/2..9 2/2-5", "1/6-9")]
    [InlineData("a file of another owner that overlaps", "0/2..12 1/3-7", "1/8-11")]
    [InlineData("a gap ends a run", "0/2..4 0/6..9", "1/6-9")]
    [InlineData("a gap between too few", "0/2..3 0/5..6", "")]
    [InlineData("a damaged file ends a run", "0/2 0/3! 0/4..7", "1/4-7")]
    [InlineData("a damaged merged file does not count", "0/2..5 1/2-5!", "1/2-5")]
    [InlineData("a very large file ends a run", "0/2..3 0/4*1001 0/5..8", "1/5-8")]
    [InlineData("few, but large enough", "0/2*500 0/3*500", "1/2-3")]
    [InlineData("large, but one", "0/2*1000", "")]
    [InlineData("as much as may be read at once", "0/2*900 0/3*900 0/4*900 0/5*900", "1/2-3 1/4-5")]
    [InlineData("the second level", "1/2-5 1/6-9 1/10-13 0/14", "2/2-13")]
    [InlineData("the lower level first", "1/2-5 1/6-9 1/10-13 0/14..17", "1/14-17")]
    [InlineData("nothing above the last level", "2/2-13 2/14-25 2/26-37 2/38-49", "")]
    [InlineData("snapshots cover nothing: the moments before them stay", "0/2..5 9/1-5", "1/2-5")]
    public void Files_are_merged_in_runs_of_the_level_below(string what, string files, string expected)
    {
        var merges = CompactionPolicy.FindMerges(Files.Parse(files), Options);

        var actual = merges.Select(merge =>
            $"{merge.Level}/{merge.Inputs[0].Min.Value}-{merge.Inputs[^1].Max.Value}");
        Assert.True(expected == string.Join(' ', actual), $"{what}: {string.Join(' ', actual)}");
    }

    [Fact]
    public void What_a_merge_makes_is_not_merged_again()
    {
        var files = Files.Parse("0/1..200").ToList();
        for (var round = 0; round < 20; round++)
        {
            var merges = CompactionPolicy.FindMerges([.. files.OrderBy(file => file.Level).ThenBy(file => file.Min)], Options);
            files.AddRange(merges.Select(merge => merge.Inputs[0] with { Level = merge.Level, Max = merge.Inputs[^1].Max }));
            if (merges.Count == 0)
            {
                Assert.Equal(49, files.Count(file => file.Level == 1));
                Assert.Equal(16, files.Count(file => file.Level == 2));
                return;
            }
        }

        Assert.Fail("Merging does not come to an end.");
    }
}
